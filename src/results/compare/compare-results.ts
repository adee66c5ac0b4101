import { DavpulseError } from '../../errors/index.ts';
import type { RunRecord } from '../../../sim/index.ts';
import type { Metric } from '../metric.ts';
import { metricById, metrics } from '../metrics.ts';
import type { ResultFile } from '../result-file.ts';
import { estimate } from '../statistics/estimate.ts';
import { summarize, type PointSummary } from '../summarize.ts';
import { judgePaired, judgeRanked, judgeSideBySide, type Judged, type Samples } from './compare-samples.ts';
import type { Comparison } from './comparison.ts';
import { unlikeness } from './unlike.ts';

export interface CompareOptions {
  /** Compare results of different scenarios or machines all the same. */
  readonly force?: boolean;
  /** Smallest relative change of a live metric that counts. */
  readonly floor?: number;
  /** Run i of both sides was made at the same time, side by side on one machine. */
  readonly sideBySide?: boolean;
  /** Metrics to compare; those of the summary and the server's response times unless given. */
  readonly metricIds?: readonly string[];
}

export interface ComparedResults {
  readonly comparisons: readonly Comparison[];
  /** What made the comparison doubtful and was overruled, and what stands on one side only. */
  readonly warnings: readonly string[];
}

const defaultFloor = 0.02;

const defaultMetrics: readonly Metric[] = [
  ...metrics.filter(({ shownIn }) => shownIn !== undefined),
  ...['server.work', 'server.response.p50', 'server.response.p99', 'service.p50', 'service.p99'].map(
    metricById,
  ),
];

/**
 * Sets two results side by side, metric by metric: simulated ones exactly or by paired intervals over the seeds
 * they share, live ones by rank tests over their runs.
 * @throws DavpulseError DAVPULSE_RESULTS_UNLIKE, naming the difference, unless forced
 */
export function compareResults(
  base: ResultFile,
  head: ResultFile,
  { force = false, floor = defaultFloor, sideBySide = false, metricIds }: CompareOptions = {},
): ComparedResults {
  const reasons = unlikeness(base, head);
  const [reason] = reasons;
  if (reason !== undefined && !force) {
    throw new DavpulseError('DAVPULSE_RESULTS_UNLIKE', `${reason}; --force compares them all the same`);
  }
  const judgeLive: JudgeLive = (samples) =>
    sideBySide ? judgeSideBySide(samples, floor) : judgeRanked(samples, floor);
  const chosen = metricIds?.map(metricById) ?? defaultMetrics;
  const heads = summarize(head.runs);
  const bases = summarize(base.runs);
  const pairs = bases.flatMap((point) => {
    const other = heads.find((candidate) => samePoint(candidate, point));
    return other === undefined ? [] : [{ base: point, head: other }];
  });
  return {
    comparisons: pairs.flatMap((pair) => comparePoint(pair.base, pair.head, chosen, judgeLive)),
    warnings: [
      ...reasons,
      ...missing(bases, heads, 'head'),
      ...missing(heads, bases, 'base'),
      ...strangers(pairs),
    ],
  };
}

/** Points whose simulated runs cannot be paired, so that nothing is said of them. */
const strangers = (
  pairs: readonly { readonly base: PointSummary; readonly head: PointSummary }[],
): string[] =>
  pairs
    .filter(({ base, head }) => base.backend === 'sim' && sharedSeeds(base.runs, head.runs)[0].length === 0)
    .map(({ base: { scenario, label } }) => `${scenario} · ${label} (sim) has no seed that both sides ran`);

const samePoint = (a: PointSummary, b: PointSummary): boolean =>
  a.scenario === b.scenario && a.label === b.label && a.backend === b.backend;

const missing = (points: readonly PointSummary[], others: readonly PointSummary[], side: string): string[] =>
  points
    .filter((point) => !others.some((other) => samePoint(point, other)))
    .map(({ scenario, label, backend }) => `${scenario} · ${label} (${backend}) is missing from the ${side}`);

type JudgeLive = (samples: readonly Samples[]) => readonly Judged[];

function comparePoint(
  base: PointSummary,
  head: PointSummary,
  chosen: readonly Metric[],
  judgeLive: JudgeLive,
): Comparison[] {
  const [baseRuns, headRuns] =
    base.backend === 'sim' ? sharedSeeds(base.runs, head.runs) : [base.runs, head.runs];
  const samples: Samples[] = chosen
    .map((metric) => ({
      metric,
      base: baseRuns.map((run) => metric.of(run)),
      head: headRuns.map((run) => metric.of(run)),
    }))
    .filter((sample) =>
      [sample.base, sample.head].every((side) => side.length > 0 && side.every(Number.isFinite)),
    );
  const judged: readonly Judged[] = base.backend === 'sim' ? samples.map(judgePaired) : judgeLive(samples);
  return samples.flatMap((sample, index) => {
    const judgement = judged[index];
    if (judgement === undefined) return [];
    return {
      scenario: base.scenario,
      label: base.label,
      backend: base.backend,
      metric: sample.metric,
      base: estimate(sample.base),
      head: estimate(sample.head),
      ...judgement,
    };
  });
}

/** The runs of both sides that share a seed, in one order. */
function sharedSeeds(base: readonly RunRecord[], head: readonly RunRecord[]): [RunRecord[], RunRecord[]] {
  const pairs = base.flatMap((run) => {
    const other = head.find(({ spec }) => spec.seed === run.spec.seed);
    return other === undefined ? [] : [[run, other] as const];
  });
  return [pairs.map(([run]) => run), pairs.map(([, other]) => other)];
}
