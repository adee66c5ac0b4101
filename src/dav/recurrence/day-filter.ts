import { civilOf, daysInMonth, daysInYear, dayNumber, firstWeekOf, weekdayOf, type Civil } from './civil.ts';
import type { Rule } from './rule.ts';

/** Whether `value`, or its count from the end of `length` things, is listed. */
const listed = (list: readonly number[], value: number, length: number): boolean =>
  list.includes(value) || list.includes(value - length - 1);

/**
 * Tells which days a rule allows. Parts that the rule leaves open are taken from the day of its start, as
 * RFC 5545 section 3.3.10 says for each frequency.
 */
export function createDayFilter(rule: Rule, start: Civil, startWeekday: number): (day: number) => boolean {
  const { frequency, byMonth, byWeekNo, byYearDay, byMonthDay, byDay } = rule;
  const open = byWeekNo.length + byYearDay.length + byMonthDay.length + byDay.length === 0;
  const anyNth = new Set(byDay.map(({ weekday }) => weekday));
  const month = frequency === 'YEARLY' && open && byMonth.length === 0 ? [start.month] : byMonth;
  const monthDay = open && (frequency === 'YEARLY' || frequency === 'MONTHLY') ? [start.day] : byMonthDay;
  const weekday =
    (frequency === 'WEEKLY' && byDay.length === 0) ||
    (frequency === 'YEARLY' &&
      byWeekNo.length > 0 &&
      byDay.length === 0 &&
      byMonthDay.length === 0 &&
      byYearDay.length === 0)
      ? [startWeekday]
      : undefined;
  const inMonths = frequency === 'MONTHLY' || (frequency === 'YEARLY' && byMonth.length > 0);
  const ordinals =
    (frequency === 'MONTHLY' || frequency === 'YEARLY') &&
    byWeekNo.length === 0 &&
    byDay.some(({ nth }) => nth !== 0);

  const nthMatches = (day: number, date: Civil): boolean => {
    const [index, length] = inMonths
      ? [date.day, daysInMonth(date.year, date.month)]
      : [day - dayNumber(date.year, 1, 1) + 1, daysInYear(date.year)];
    const own = weekdayOf(day);
    return byDay.some(({ nth, weekday }) => {
      if (weekday !== own) return false;
      if (nth === 0) return true;
      return nth > 0 ? Math.ceil(index / 7) === nth : Math.ceil((length - index + 1) / 7) === -nth;
    });
  };

  return (day) => {
    const own = weekdayOf(day);
    if (weekday !== undefined && !weekday.includes(own)) return false;
    if (byDay.length > 0 && !anyNth.has(own)) return false;
    const date = civilOf(day);
    if (month.length > 0 && !month.includes(date.month)) return false;
    if (monthDay.length > 0 && !listed(monthDay, date.day, daysInMonth(date.year, date.month))) return false;
    if (
      byYearDay.length > 0 &&
      !listed(byYearDay, day - dayNumber(date.year, 1, 1) + 1, daysInYear(date.year))
    )
      return false;
    if (byWeekNo.length > 0 && !inWeeks(day, date.year, rule)) return false;
    return !ordinals || nthMatches(day, date);
  };
}

function inWeeks(day: number, year: number, { byWeekNo, weekStart }: Rule): boolean {
  for (const candidate of [year - 1, year, year + 1]) {
    const first = firstWeekOf(candidate, weekStart);
    const next = firstWeekOf(candidate + 1, weekStart);
    if (day >= first && day < next)
      return listed(byWeekNo, Math.floor((day - first) / 7) + 1, (next - first) / 7);
  }
  return false;
}
