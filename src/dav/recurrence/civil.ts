export const dayMs = 86_400_000;

/** A date of the proleptic Gregorian calendar; `month` and `day` count from 1. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 of a date; a day outside its month carries over. */
export const dayNumber = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.floor(date.getTime() / dayMs);
};

export function civilOf(days: number): Civil {
  const date = new Date(days * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;

export const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(2000, month, 0)).getUTCDate() - Number(month === 2 && !isLeap(year));

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInYear = (year: number): number => (isLeap(year) ? 366 : 365);

/** First day of week 1 of a year: the first week with at least four of its days (RFC 5545 BYWEEKNO). */
export function firstWeekOf(year: number, weekStart: number): number {
  const january4 = dayNumber(year, 1, 4);
  return january4 - ((weekdayOf(january4) - weekStart + 7) % 7);
}
