import ICAL from 'ical.js';

/** Turns local time (as if it were UTC, ms) into UTC and back. */
export interface Zone {
  toUtc(localMs: number): number;
  toLocal(utcMs: number): number;
}

export const utcZone: Zone = { toUtc: (ms) => ms, toLocal: (ms) => ms };

/** A zone known by its offset at a local time. */
function fromOffset(offsetMs: (localMs: number) => number): Zone {
  const toUtc = (localMs: number): number => localMs - offsetMs(localMs);
  return {
    toUtc,
    toLocal: (utcMs) => {
      const guess = utcMs + offsetMs(utcMs);
      return utcMs + offsetMs(guess);
    },
  };
}

export const localTime = (ms: number): ICAL.Time => {
  const date = new Date(ms);
  return new ICAL.Time(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      isDate: false,
    },
    ICAL.Timezone.localTimezone,
  );
};

/** The zone that a VTIMEZONE describes. */
export const componentZone = (zone: ICAL.Timezone): Zone =>
  fromOffset((localMs) => zone.utcOffset(localTime(localMs)) * 1000);

const named = new Map<string, Zone | undefined>();

/** A zone of the IANA database by its name; undefined when there is none. */
export function namedZone(name: string): Zone | undefined {
  if (named.has(name)) return named.get(name);
  if (named.size > 1000) named.clear();
  const zone = makeNamedZone(name);
  named.set(name, zone);
  return zone;
}

function makeNamedZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const localOf = (utcMs: number): number => {
    const part = Object.fromEntries(
      format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  const offsetAt = (utcMs: number): number => localOf(utcMs) - Math.floor(utcMs / 1000) * 1000;
  return {
    toLocal: (utcMs) => utcMs + offsetAt(utcMs),
    toUtc: (localMs) => {
      const guess = localMs - offsetAt(localMs);
      return localMs - offsetAt(guess);
    },
  };
}
