import { createSampler, exponential, uniform } from '../kernel/index.ts';
import type { ChangeProcess, Distribution, WeekProfile } from '../spec.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

/** Draws of one collection, one after the other. */
export interface Draws {
  uniform(): number;
  exponential(): number;
  sample(distribution: Distribution): number;
}

export function createDraws(key: number, collection: number): Draws {
  let index = 0;
  return {
    uniform: () => uniform(key, collection, index++),
    exponential: () => exponential(key, collection, index++),
    sample: (distribution) => createSampler(distribution)(key, collection, index++),
  };
}

/**
 * The instants in [0, `endMs`) at which one collection changes, in ms, in no order.
 * `place` is the collection's place in its group, `zoneMs` what its users' clock is ahead by. Shapes: sessions as the cascading Poisson process of Malmgren et
 * al. (PNAS 2008), gaps as Stouffer et al. (2005) found them, invitations as the CalendarServer load simulator.
 */
export function instantsOf(
  process: ChangeProcess,
  endMs: number,
  key: number,
  collection: number,
  place: number,
  zoneMs: number,
): readonly number[] {
  const draws = createDraws(key, collection);
  const instants: number[] = [];
  for (const atMs of generate(process, { endMs, zoneMs, draws }, place)) {
    if (atMs >= 0 && atMs < endMs) instants.push(atMs);
  }
  return instants;
}

/** What the times of one collection are made from. */
interface Source {
  readonly endMs: number;
  readonly zoneMs: number;
  readonly draws: Draws;
}

function generate(process: ChangeProcess, source: Source, place: number): Iterable<number> {
  switch (process.kind) {
    case 'poisson':
      return poisson(process.perDay, source);
    case 'daily':
      return profiled(process, source);
    case 'sessions':
      return sessions(process, source);
    case 'renewal':
      return renewal(process.gapMs, source);
    case 'bursts':
      return bursts(process, source);
    case 'clock':
      return clock(process, source);
    case 'invitations':
      return invitations(process, source);
    case 'scheduling':
      // It concerns several collections at once: `schedulingOf` makes it.
      return [];
    default:
      return process.atMs[place] ?? [];
  }
}

function* poisson(perDay: number, { endMs, draws }: Source): Generator<number> {
  if (perDay <= 0) return;
  const meanGapMs = dayMs / perDay;
  for (let atMs = meanGapMs * draws.exponential(); atMs < endMs; atMs += meanGapMs * draws.exponential()) {
    yield atMs;
  }
}

const mean = (weights: readonly number[]): number =>
  weights.reduce((sum, weight) => sum + weight, 0) / weights.length;

/** By thinning: instants at the highest rate, each kept with the share that its hour of the user's day has of it. */
export function* profiled(
  { perDay, ...profile }: WeekProfile & { readonly perDay: number },
  source: Source,
): Generator<number> {
  if (profile.hours === undefined && profile.days === undefined) {
    yield* poisson(perDay, source);
    return;
  }
  const hours = profile.hours ?? [1];
  const days = profile.days ?? [1];
  const highest = Math.max(...hours) * Math.max(...days);
  const peakPerDay = (perDay * highest) / (mean(hours) * mean(days));
  for (const atMs of poisson(peakPerDay, source)) {
    const localMs = atMs + source.zoneMs + weekMs;
    const hour = hours[Math.floor(localMs / hourMs) % hours.length] ?? 0;
    const day = days[Math.floor(localMs / dayMs) % days.length] ?? 0;
    if (source.draws.uniform() * highest < hour * day) yield atMs;
  }
}

type Of<Kind extends ChangeProcess['kind']> = Extract<ChangeProcess, { kind: Kind }>;

function* sessions(process: Of<'sessions'>, source: Source): Generator<number> {
  const { draws } = source;
  const goesOn = 1 - 1 / Math.max(1, process.changes);
  for (const startMs of profiled(process, source)) {
    let atMs = startMs;
    yield atMs;
    while (draws.uniform() < goesOn) {
      atMs += draws.sample(process.gapMs);
      yield atMs;
    }
  }
}

function* renewal(gapMs: Distribution, { endMs, draws }: Source): Generator<number> {
  // The run begins somewhere in a gap, not with a change.
  const shortest = 0.001;
  for (let atMs = draws.uniform() * draws.sample(gapMs); atMs < endMs;) {
    yield atMs;
    atMs += Math.max(shortest, draws.sample(gapMs));
  }
}

function* bursts(process: Of<'bursts'>, source: Source): Generator<number> {
  const { draws } = source;
  for (const startMs of profiled(process, source)) {
    const size = Math.round(draws.sample(process.size));
    let atMs = startMs;
    for (let change = 0; change < size; change += 1) {
      yield atMs;
      atMs += draws.sample(process.gapMs);
    }
  }
}

function* clock(process: Of<'clock'>, source: Source): Generator<number> {
  const { draws } = source;
  for (const wantedMs of profiled(process, source)) {
    yield Math.ceil(wantedMs / process.everyMs) * process.everyMs + draws.sample(process.lateMs);
  }
}

function* invitations(process: Of<'invitations'>, source: Source): Generator<number> {
  const { draws } = source;
  for (const invitedMs of profiled(process, source)) {
    yield invitedMs;
    const attendees = Math.max(1, Math.round(draws.sample(process.attendees)));
    for (let attendee = 1; attendee < attendees; attendee += 1) {
      const answeredMs = invitedMs + draws.sample(process.answerMs);
      yield answeredMs;
      yield answeredMs + process.refreshMs;
    }
  }
}
