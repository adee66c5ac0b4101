import { createSampler, exponential, uniform } from '../kernel/index.ts';
import type { ChangeProcess, Distribution, WeekProfile } from '../spec.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Draws of one collection, one after the other. */
interface Draws {
  uniform(): number;
  exponential(): number;
  sample(distribution: Distribution): number;
}

function createDraws(key: number, collection: number): Draws {
  let index = 0;
  return {
    uniform: () => uniform(key, collection, index++),
    exponential: () => exponential(key, collection, index++),
    sample: (distribution) => createSampler(distribution)(key, collection, index++),
  };
}

/**
 * The instants in [0, `endMs`) at which one collection changes, in ms, in no order.
 * `place` is the collection's place in its group. Shapes: sessions as the cascading Poisson process of Malmgren et
 * al. (PNAS 2008), gaps as Stouffer et al. (2005) found them, invitations as the CalendarServer load simulator.
 */
export function instantsOf(
  process: ChangeProcess,
  endMs: number,
  key: number,
  collection: number,
  place: number,
): readonly number[] {
  const draws = createDraws(key, collection);
  const instants = [...generate(process, endMs, draws, place)];
  return instants.filter((atMs) => atMs >= 0 && atMs < endMs);
}

function generate(process: ChangeProcess, endMs: number, draws: Draws, place: number): Iterable<number> {
  switch (process.kind) {
    case 'poisson':
      return poisson(process.perDay, endMs, draws);
    case 'daily':
      return profiled(process.perDay, process, endMs, draws);
    case 'sessions':
      return sessions(process, endMs, draws);
    case 'renewal':
      return renewal(process.gapMs, endMs, draws);
    case 'bursts':
      return bursts(process, endMs, draws);
    case 'clock':
      return clock(process, endMs, draws);
    case 'invitations':
      return invitations(process, endMs, draws);
    default:
      return process.atMs[place] ?? [];
  }
}

function* poisson(perDay: number, endMs: number, draws: Draws): Generator<number> {
  if (perDay <= 0) return;
  const meanGapMs = dayMs / perDay;
  for (let atMs = meanGapMs * draws.exponential(); atMs < endMs; atMs += meanGapMs * draws.exponential()) {
    yield atMs;
  }
}

const mean = (weights: readonly number[]): number =>
  weights.reduce((sum, weight) => sum + weight, 0) / weights.length;

/** By thinning: instants at the highest rate, each kept with the share that its hour has of it. */
function* profiled(perDay: number, profile: WeekProfile, endMs: number, draws: Draws): Generator<number> {
  const hours = profile.hours ?? [1];
  const days = profile.days ?? [1];
  const highest = Math.max(...hours) * Math.max(...days);
  const peakPerDay = (perDay * highest) / (mean(hours) * mean(days));
  for (const atMs of poisson(peakPerDay, endMs, draws)) {
    const hour = hours[Math.floor(atMs / hourMs) % hours.length] ?? 0;
    const day = days[Math.floor(atMs / dayMs) % days.length] ?? 0;
    if (draws.uniform() * highest < hour * day) yield atMs;
  }
}

type Of<Kind extends ChangeProcess['kind']> = Extract<ChangeProcess, { kind: Kind }>;

function* sessions(process: Of<'sessions'>, endMs: number, draws: Draws): Generator<number> {
  const goesOn = 1 - 1 / Math.max(1, process.changes);
  for (const startMs of profiled(process.perDay, process, endMs, draws)) {
    let atMs = startMs;
    yield atMs;
    while (draws.uniform() < goesOn) {
      atMs += draws.sample(process.gapMs);
      yield atMs;
    }
  }
}

function* renewal(gapMs: Distribution, endMs: number, draws: Draws): Generator<number> {
  // The run begins somewhere in a gap, not with a change.
  const shortest = 0.001;
  for (let atMs = draws.uniform() * draws.sample(gapMs); atMs < endMs;) {
    yield atMs;
    atMs += Math.max(shortest, draws.sample(gapMs));
  }
}

function* bursts(process: Of<'bursts'>, endMs: number, draws: Draws): Generator<number> {
  for (const startMs of poisson(process.perDay, endMs, draws)) {
    const size = Math.round(draws.sample(process.size));
    let atMs = startMs;
    for (let change = 0; change < size; change += 1) {
      yield atMs;
      atMs += draws.sample(process.gapMs);
    }
  }
}

function* clock(process: Of<'clock'>, endMs: number, draws: Draws): Generator<number> {
  for (const wantedMs of poisson(process.perDay, endMs, draws)) {
    yield Math.ceil(wantedMs / process.everyMs) * process.everyMs + draws.sample(process.lateMs);
  }
}

function* invitations(process: Of<'invitations'>, endMs: number, draws: Draws): Generator<number> {
  for (const invitedMs of poisson(process.perDay, endMs, draws)) {
    yield invitedMs;
    const attendees = Math.max(1, Math.round(draws.sample(process.attendees)));
    for (let attendee = 1; attendee < attendees; attendee += 1) {
      const answeredMs = invitedMs + draws.sample(process.answerMs);
      yield answeredMs;
      yield answeredMs + process.refreshMs;
    }
  }
}
