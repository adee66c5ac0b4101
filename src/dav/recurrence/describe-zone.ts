import { BoundedMap } from '../bounded-map.ts';
import { dayMs } from './civil.ts';
import { namedZone, type Zone } from './zone.ts';

/** What is told of a zone; later years go on as the last one does. */
const firstYear = 1970;
const lastYear = 2037;
/** No zone keeps an offset for less: the shortest are a month, as in Morocco around Ramadan. */
const stepMs = 14 * dayMs;
/** Since 1970 all clocks change at a whole minute of UTC, but for Monrovia's in 1972. */
const minuteMs = 60_000;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** A change of offset. */
interface Transition {
  readonly utcMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Working one out takes tens of milliseconds; there are about as many zones. */
const described = new BoundedMap<string, string>(500);

/** An iCalendar object with the VTIMEZONE of a zone of the IANA database; undefined when there is none of that name. */
export function describeZone(name: string): string | undefined {
  const zone = namedZone(name);
  if (zone === undefined) return undefined;
  const known = described.get(name) ?? describe(name, zone);
  described.set(name, known, 1);
  return known;
}

function describe(name: string, zone: Zone): string {
  const startMs = Date.UTC(firstYear, 0, 1);
  const offset = offsetAt(zone, startMs);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//davpulse//EN',
    'BEGIN:VTIMEZONE',
    `TZID:${name}`,
    ...observance({ utcMs: startMs - offset, fromMs: offset, toMs: offset }, []),
    ...runsOf(transitionsOf(zone)).flatMap(([first, ...more]) => observance(first, more)),
    'END:VTIMEZONE',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

const offsetAt = (zone: Zone, utcMs: number): number => zone.toLocal(utcMs) - utcMs;

function transitionsOf(zone: Zone): Transition[] {
  const found: Transition[] = [];
  let before = offsetAt(zone, Date.UTC(firstYear, 0, 1));
  for (let at = Date.UTC(firstYear, 0, 1) + stepMs; at < Date.UTC(lastYear + 1, 0, 1); at += stepMs) {
    const offset = offsetAt(zone, at);
    if (offset === before) continue;
    let [low, high] = [at - stepMs, at];
    while (high - low > minuteMs) {
      const middle = Math.floor((low + high) / 2 / minuteMs) * minuteMs;
      if (offsetAt(zone, middle) === before) low = middle;
      else high = middle;
    }
    found.push({ utcMs: high, fromMs: before, toMs: offset });
    before = offset;
  }
  return found;
}

/** Where a transition is in its year, in the local time that it ends. */
function placeOf({ utcMs, fromMs }: Transition): { month: number; day: string; year: number; time: number } {
  const local = new Date(utcMs + fromMs);
  const day = local.getUTCDate();
  const isLast = new Date(local.getTime() + 7 * dayMs).getUTCMonth() !== local.getUTCMonth();
  const nth = isLast ? -1 : Math.ceil(day / 7);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: `${nth}${weekdays[local.getUTCDay()]}`,
    time: local.getTime() % dayMs,
  };
}

type Run = readonly [Transition, ...Transition[]];

/** Transitions that come at the same place of one year after the other, together. */
function runsOf(transitions: readonly Transition[]): Run[] {
  const runs: [Transition, ...Transition[]][] = [];
  for (const transition of transitions) {
    const { year, ...place } = placeOf(transition);
    const key = JSON.stringify([place, transition.fromMs, transition.toMs]);
    const run = runs.find((candidate) => {
      const last = candidate.at(-1) ?? candidate[0];
      const { year: lastYearOfRun, ...lastPlace } = placeOf(last);
      return lastYearOfRun === year - 1 && JSON.stringify([lastPlace, last.fromMs, last.toMs]) === key;
    });
    if (run === undefined) runs.push([transition]);
    else run.push(transition);
  }
  return runs;
}

const compact = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+Z/g, '');

function offsetText(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return `${ms < 0 ? '-' : '+'}${hours}${minutes}${rest === '00' ? '' : rest}`;
}

function observance(first: Transition, more: readonly Transition[]): string[] {
  const kind = first.toMs > first.fromMs ? 'DAYLIGHT' : 'STANDARD';
  const { month, day } = placeOf(first);
  const last = more.at(-1);
  const ends = last !== undefined && placeOf(last).year < lastYear ? `;UNTIL=${compact(last.utcMs)}Z` : '';
  return [
    `BEGIN:${kind}`,
    `DTSTART:${compact(first.utcMs + first.fromMs)}`,
    ...(last === undefined ? [] : [`RRULE:FREQ=YEARLY;BYMONTH=${month};BYDAY=${day}${ends}`]),
    `TZOFFSETFROM:${offsetText(first.fromMs)}`,
    `TZOFFSETTO:${offsetText(first.toMs)}`,
    `END:${kind}`,
  ];
}
