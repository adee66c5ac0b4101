import { summarize, type PointSummary, type ResultFile } from '../results/index.ts';

/** One scenario of a result as the charts see it. */
export interface Scene {
  readonly scenario: string;
  /** All points, measured and simulated. */
  readonly points: readonly PointSummary[];
  /** The simulated points, or the measured ones when nothing was simulated: one for each label. */
  readonly shown: readonly PointSummary[];
}

/** The scenarios of a result, the one with most points first. */
export function scenesOf(result: ResultFile): Scene[] {
  const scenarios = Map.groupBy(summarize(result.runs), ({ scenario }) => scenario);
  return [...scenarios]
    .map(([scenario, points]) => {
      const simulated = points.filter(({ backend }) => backend === 'sim');
      return { scenario, points, shown: simulated.length > 0 ? simulated : points };
    })
    .toSorted((a, b) => b.shown.length - a.shown.length);
}
