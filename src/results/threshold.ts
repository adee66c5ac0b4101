import { DavpulseError } from '../errors/index.ts';
import type { Metric, MetricUnit } from './metric.ts';
import { metrics } from './metrics.ts';
import type { ResultFile } from './result-file.ts';
import { summarize, valueOf, type PointSummary } from './summarize.ts';
import type { RunRecord } from '../../sim/index.ts';

const relations = {
  '<': (value: number, limit: number) => value < limit,
  '<=': (value: number, limit: number) => value <= limit,
  '>': (value: number, limit: number) => value > limit,
  '>=': (value: number, limit: number) => value >= limit,
} as const;
type Relation = keyof typeof relations;

const isRelation = (text: string): text is Relation => text in relations;

/** A promise that a scenario makes about its figures, such as `staleness.high.p95 < 10s`. */
export interface Threshold {
  readonly text: string;
  readonly metric: Metric;
  readonly relation: Relation;
  /** In the unit of the metric. */
  readonly limit: number;
}

/** A threshold held against one point of a scenario. */
export interface ThresholdOutcome {
  readonly threshold: Threshold;
  readonly point: PointSummary;
  /** Mean over the seeds. */
  readonly value: number;
  readonly held: boolean;
}

const durations = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const bytes = { B: 1, kB: 1000, MB: 1e6, GB: 1e9 };
const joules = { J: 1, kJ: 1000, MJ: 1e6 };

/** Units that a limit may have, and how many of the metric's own they are; a trailing `/day` is read over. */
const units: Readonly<Record<MetricUnit, Readonly<Record<string, number>>>> = {
  ms: durations,
  share: { '': 1, '%': 0.01 },
  count: { '': 1 },
  'count/device-day': { '': 1 },
  bytes,
  'bytes/device-day': bytes,
  'J/device-day': joules,
  '%/day': { '%': 1 },
  'mAh/day': { mAh: 1 },
  '1/s': { '': 1, '/s': 1 },
};

const invalid = (text: string, reason: string): DavpulseError =>
  new DavpulseError('DAVPULSE_SCENARIO_INVALID', `the threshold “${text}” ${reason}`);

/** `energy.phone < 1%/day` speaks of the battery: the metric of the same group in per cent. */
const metricFor = (id: string, unit: string): Metric | undefined =>
  metrics.find((metric) => metric.id === (unit === '%' ? id.replace(/^energy\b/, 'battery') : id));

/** @throws DavpulseError DAVPULSE_SCENARIO_INVALID saying what is wrong with the text */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*([\w.-]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%]*|\/s)(?:\/day)?\s*$/.exec(text);
  const [, id = '', relation = '', number = '', unit = ''] = match ?? [];
  if (!isRelation(relation)) {
    throw invalid(text, 'is not of the form METRIC < NUMBER UNIT, such as staleness.high.p95 < 10s');
  }
  const metric = metricFor(id, unit);
  if (metric === undefined) {
    throw invalid(text, `names no metric; there are ${metrics.map((known) => known.id).join(', ')}`);
  }
  const factor = units[metric.unit][unit];
  if (factor === undefined) {
    throw invalid(
      text,
      `has no unit of ${metric.id}; it takes ${Object.keys(units[metric.unit]).join(', ')}`,
    );
  }
  return { text, metric, relation, limit: Number(number) * factor };
}

/** Holds what a result's study states against the figures of the result. */
export const thresholdOutcomes = ({ runs, thresholds = [] }: ResultFile): ThresholdOutcome[] =>
  thresholds.flatMap(({ scenario, text }) =>
    checkThresholds(
      runs.filter(({ spec }) => spec.scenario === scenario),
      [parseThreshold(text)],
    ),
  );

/** Holds thresholds against every point of the runs; points to which a metric does not apply are left out. */
export function checkThresholds(
  runs: readonly RunRecord[],
  thresholds: readonly Threshold[],
): ThresholdOutcome[] {
  return summarize(runs).flatMap((point) =>
    thresholds.flatMap((threshold) => {
      const value = valueOf(point, threshold.metric).mean;
      if (Number.isNaN(value)) return [];
      return { threshold, point, value, held: relations[threshold.relation](value, threshold.limit) };
    }),
  );
}
