import { median } from 'simple-statistics';

/** What a server took for a fleet. */
export interface Took {
  readonly requests: number;
  readonly countedMs: number;
  /** Processor time, ms. */
  readonly busyMs: number;
  /** How often it collected its whole heap. */
  readonly majorGcs: number;
}

/** By what a visit's cost is divided to compare it with others of its fleet: its requests, or its time where there were none. */
export const sizeOf = ({ requests, countedMs }: Took): number => requests || countedMs;
const costOf = (took: Took): number => took.busyMs / sizeOf(took);

/** How dear each round was for the fleets that lived in all of them: what each took in it by what it took in others, in the middle. */
export function levelsOf(fleets: readonly (readonly Took[])[]): number[] {
  const relative = fleets.map((visits) => {
    const costs = visits.map(costOf);
    const middle = costs.length === 0 ? NaN : median(costs);
    return costs.map((cost) => cost / middle);
  });
  const rounds = Math.max(0, ...fleets.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => {
    const all = relative.map((costs) => costs[round] ?? NaN).filter((cost) => Number.isFinite(cost));
    return all.length === 0 ? 1 : median(all);
  });
}

/** Something else had the machine for the seconds of a visit that is so many times as dear as the others of its fleet and round. */
const outOfLine = 1.4;
const enoughToTell = 3;

/**
 * The visits of a fleet but those, one in each round. What has a machine for a whole round makes prices and what is compared
 * with them dear alike, and stays; and so does a visit in which the heap was collected, as others pay for less than their
 * share of that.
 */
export function usual<Visit extends Took>(
  visits: readonly Visit[],
  levels: readonly number[],
): readonly Visit[] {
  if (visits.length < enoughToTell) return visits;
  const costs = visits.map((visit, round) => costOf(visit) / (levels[round] ?? 1));
  const most = outOfLine * median(costs);
  return visits.filter((visit, round) => visit.majorGcs > 0 || (costs[round] ?? 0) <= most);
}
