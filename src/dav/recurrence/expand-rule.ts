import { civilOf, dayMs, dayNumber, weekdayOf } from './civil.ts';
import { createDayFilter } from './day-filter.ts';
import type { Rule } from './rule.ts';

export interface Window {
  /** Local time as if it were UTC, ms; first instant wanted. */
  readonly fromMs: number;
  /** First instant no longer wanted. */
  readonly toMs: number;
  /** Instances wanted at most. */
  readonly limit: number;
}

/** Days looked at for one rule; covers the two centuries that dates may lie in. */
const maxDays = 80_000;
/** Instances counted towards COUNT at most. */
const maxCounted = 20_000;
const endOfTimeMs = Date.UTC(2200, 0, 1);
/** Steps of an hour, a minute or a second that one rule may take. */
const maxSteps = 200_000;
const unitSeconds = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3600 } as const;

/**
 * Starts of the instances that a rule makes in a window, ascending. Own code because the iterator of ical.js
 * does not end on rules that never match, and yields days that do not exist. Works on days, so that a filter
 * that matches seldom costs little, and looks at a bounded number of them whatever the rule.
 * @param startMs DTSTART in local time as if it were UTC
 */
export function expandRule(rule: Rule, startMs: number, window: Window): number[] {
  const startDay = Math.floor(startMs / dayMs);
  const allowed = createDayFilter(rule, civilOf(startDay), weekdayOf(startDay));
  const times = createTimes(rule, startMs);
  const lastMs = Math.min(window.toMs - 1, rule.untilMs ?? Infinity, endOfTimeMs);
  const found: number[] = [];
  let counted = 0;
  let looked = 0;
  const counts = rule.count !== undefined;
  for (const [first, length] of periods(
    rule,
    startDay,
    counts ? startDay : Math.floor(window.fromMs / dayMs),
  )) {
    // A huge interval ends beyond what a date can be: not a number, and not before the end either.
    if (!(first * dayMs <= lastMs) || looked > maxDays) break;
    let set: number[] = [];
    for (let day = first; day < first + length; day += 1) {
      looked += 1;
      if (!allowed(day)) continue;
      const room = rule.bySetPos.length > 0 || counts ? maxCounted : window.limit - found.length;
      for (const at of times(day, counts ? -Infinity : window.fromMs, room)) set.push(at);
      if (set.length >= maxCounted) break;
    }
    if (rule.bySetPos.length > 0) set = atPositions(set, rule.bySetPos);
    for (const at of set) {
      if (at < startMs) continue;
      if (at > lastMs) return found;
      counted += 1;
      if (counts && (counted > (rule.count ?? 0) || counted > maxCounted)) return found;
      if (at >= window.fromMs) found.push(at);
      if (found.length >= window.limit) return found;
    }
  }
  return found;
}

function atPositions(set: readonly number[], positions: readonly number[]): number[] {
  const chosen = positions.map((position) => set[position > 0 ? position - 1 : set.length + position]);
  return [...new Set(chosen.filter((at) => at !== undefined))].sort((a, b) => a - b);
}

/** Periods as first day and number of days, from the one of `startDay`, or near `fromDay` when that is later. */
function* periods(
  { frequency, interval, weekStart }: Rule,
  startDay: number,
  fromDay: number,
): Generator<[number, number]> {
  const start = civilOf(startDay);
  const from = civilOf(Math.max(startDay, fromDay));
  const skip = (units: number): number => Math.max(0, Math.floor(units / interval) - 1) * interval;
  if (frequency === 'YEARLY') {
    for (let year = start.year + skip(from.year - start.year); ; year += interval) {
      yield [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1)];
    }
  } else if (frequency === 'MONTHLY') {
    const months = (from.year - start.year) * 12 + from.month - start.month;
    for (let month = start.month + skip(months); ; month += interval) {
      const first = dayNumber(start.year, month, 1);
      yield [first, dayNumber(start.year, month + 1, 1) - first];
    }
  } else if (frequency === 'WEEKLY') {
    const week = startDay - ((weekdayOf(startDay) - weekStart + 7) % 7);
    for (let first = week + 7 * skip((fromDay - week) / 7); ; first += 7 * interval) yield [first, 7];
  } else {
    const step = frequency === 'DAILY' ? interval : 1;
    const days = Math.max(0, Math.floor((fromDay - startDay) / step) - 1) * step;
    for (let first = startDay + days; ; first += step) yield [first, 1];
  }
}

type Times = (day: number, fromMs: number, room: number) => Iterable<number>;

/** The times of day that the rule allows, as instants of a day. */
function createTimes(rule: Rule, startMs: number): Times {
  const { frequency, byHour, byMinute, bySecond } = rule;
  const second = Math.floor(startMs / 1000);
  const own = {
    hour: Math.floor(second / 3600) % 24,
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
  };
  if (frequency === 'SECONDLY' || frequency === 'MINUTELY' || frequency === 'HOURLY') {
    return repeatedTimes(rule, startMs, unitSeconds[frequency]);
  }
  const or = (list: readonly number[], value: number): number[] =>
    list.length > 0 ? [...list].sort((a, b) => a - b) : [((value % 60) + 60) % 60];
  const hours = byHour.length > 0 ? [...byHour].sort((a, b) => a - b) : [((own.hour % 24) + 24) % 24];
  const offsets = hours.flatMap((hour) =>
    or(byMinute, own.minute).flatMap((minute) =>
      or(bySecond, own.second).map((s) => ((hour * 60 + minute) * 60 + s) * 1000),
    ),
  );
  return (day) => offsets.map((offset) => day * dayMs + offset);
}

function repeatedTimes(
  { interval, frequency, byHour, byMinute, bySecond }: Rule,
  startMs: number,
  unit: number,
): Times {
  const stepMs = interval * unit * 1000;
  // What repeats faster than its finer parts are listed takes those parts as a choice, the others as a filter.
  const fine =
    frequency === 'SECONDLY'
      ? [0]
      : refine(frequency === 'HOURLY' ? byMinute : [], bySecond, startMs, frequency === 'HOURLY');
  const within = (list: readonly number[], value: number): boolean =>
    list.length === 0 || list.includes(value);
  const base = startMs - (frequency === 'SECONDLY' ? 0 : startMs % (unit * 1000));
  let steps = 0;
  return (day, fromMs, room) => {
    const times: number[] = [];
    const low = Math.max(day * dayMs, fromMs - unit * 1000, base);
    for (
      let at = base + Math.ceil((low - base) / stepMs) * stepMs;
      at < (day + 1) * dayMs && steps < maxSteps;
      at += stepMs
    ) {
      steps += 1;
      const date = new Date(at);
      if (!within(byHour, date.getUTCHours())) {
        // Straight to the next hour: a filter by hour must not cost a step for every second.
        const next = (Math.floor(at / 3_600_000) + 1) * 3_600_000;
        at += Math.max(0, Math.floor((next - at - 1) / stepMs)) * stepMs;
        continue;
      }
      if (frequency !== 'HOURLY' && !within(byMinute, date.getUTCMinutes())) {
        const next = (Math.floor(at / 60_000) + 1) * 60_000;
        at += Math.max(0, Math.floor((next - at - 1) / stepMs)) * stepMs;
        continue;
      }
      if (frequency === 'SECONDLY' && !within(bySecond, date.getUTCSeconds())) continue;
      for (const offset of fine) {
        if (times.length >= room) return times;
        times.push(at + offset);
      }
    }
    return times;
  };
}

function refine(
  minutes: readonly number[],
  seconds: readonly number[],
  startMs: number,
  hourly: boolean,
): number[] {
  const ownMinute = ((Math.floor(startMs / 60_000) % 60) + 60) % 60;
  const ownSecond = ((Math.floor(startMs / 1000) % 60) + 60) % 60;
  const m = hourly ? (minutes.length > 0 ? minutes : [ownMinute]) : [0];
  const s = seconds.length > 0 ? seconds : [ownSecond];
  return m.flatMap((minute) => s.map((second) => (minute * 60 + second) * 1000)).sort((a, b) => a - b);
}
