import ICAL from 'ical.js';

const within = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high;

/** Whether a time is one that RFC 5545 section 3.3.4 and 3.3.5 can write; ical.js reads others, to numbers that are none. */
const isReal = ({ year, month, day, hour, minute, second }: ICAL.Time): boolean =>
  within(year, 0, 9999) &&
  within(month, 1, 12) &&
  within(day, 1, 31) &&
  within(hour, 0, 24) &&
  within(minute, 0, 60) &&
  within(second, 0, 61);

/** Whether all times in a component are such that can be reckoned with. */
export const hasRealTimes = (component: ICAL.Component): boolean =>
  component.getAllProperties().every((property) =>
    (property.getValues() as unknown[]).every((value) => {
      // typed `any[]`
      if (value instanceof ICAL.Time) return isReal(value);
      if (!(value instanceof ICAL.Period)) return true;
      return [value.start, value.getEnd()].every((time) => isReal(time));
    }),
  );
