import type ICAL from 'ical.js';

export type Frequency = 'SECONDLY' | 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** A recurrence rule (RFC 5545 section 3.3.10) with plain numbers. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  /** As `RuleTime.toLocalMs` of the same zone as the start. */
  readonly untilMs: number | undefined;
  /** 0 is Sunday. */
  readonly weekStart: number;
  readonly byMonth: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byMonthDay: readonly number[];
  /** `nth` 0 means every such weekday. */
  readonly byDay: readonly { readonly nth: number; readonly weekday: number }[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySecond: readonly number[];
  readonly bySetPos: readonly number[];
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const frequencies: readonly Frequency[] = [
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
];

/** @throws RangeError on a rule that RFC 5545 does not allow */
export function readRule(recur: ICAL.Recur, untilMs: number | undefined): Rule {
  const frequency = frequencies.find((name) => name === recur.freq);
  if (frequency === undefined) throw new RangeError('a rule needs a frequency');
  const parts: Readonly<Record<string, readonly unknown[] | undefined>> = recur.parts;
  const part = (name: string, low: number, high: number): number[] => {
    const numbers = (parts[name] ?? []).map(Number);
    const bad = numbers.some(
      (value) => !Number.isInteger(value) || value > high || value < low || (low < 0 && value === 0),
    );
    if (bad) throw new RangeError(`${name} is out of range`);
    return numbers;
  };
  const bySetPos = part('BYSETPOS', -366, 366);
  return {
    frequency,
    interval: Math.max(1, Math.trunc(recur.interval) || 1),
    count: recur.count ?? undefined,
    untilMs,
    weekStart: (recur.wkst ?? 2) - 1,
    byMonth: part('BYMONTH', 1, 12),
    byWeekNo: part('BYWEEKNO', -53, 53),
    byYearDay: part('BYYEARDAY', -366, 366),
    byMonthDay: part('BYMONTHDAY', -31, 31),
    byDay: (parts['BYDAY'] ?? []).map((value) => readWeekday(String(value))),
    byHour: part('BYHOUR', 0, 23),
    byMinute: part('BYMINUTE', 0, 59),
    bySecond: part('BYSECOND', 0, 60),
    bySetPos,
  };
}

function readWeekday(text: string): { nth: number; weekday: number } {
  const [, nth = '', name = ''] = /^([+-]?\d{0,2})([A-Z]{2})$/.exec(text.toUpperCase()) ?? [];
  const weekday = weekdays.indexOf(name);
  if (weekday === -1 || Math.abs(Number(nth)) > 53) throw new RangeError('BYDAY is out of range');
  return { nth: Number(nth), weekday };
}
