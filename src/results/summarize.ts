import type { RunRecord } from '../../sim/index.ts';
import type { Metric } from './metric.ts';
import { metrics } from './metrics.ts';
import { estimate, type Estimate } from './statistics/estimate.ts';

/** The runs of one point of a sweep in one backend, which differ by seed alone. */
export interface PointSummary {
  readonly scenario: string;
  readonly label: string;
  readonly backend: RunRecord['backend'];
  readonly runs: readonly RunRecord[];
  /** By metric id. */
  readonly values: ReadonlyMap<string, Estimate>;
}

/** @throws RangeError for a metric that does not exist */
export function valueOf(point: PointSummary, metric: Pick<Metric, 'id'>): Estimate {
  const value = point.values.get(metric.id);
  if (value === undefined) throw new RangeError(`no metric is called ${metric.id}`);
  return value;
}

/** One summary for each scenario, label and backend, in the order in which the runs bring them. */
export function summarize(runs: readonly RunRecord[]): PointSummary[] {
  const groups = Map.groupBy(runs, ({ spec, backend }) =>
    JSON.stringify([spec.scenario, spec.label, backend]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return {
      scenario: first.spec.scenario,
      label: first.spec.label,
      backend: first.backend,
      runs: group,
      values: new Map(metrics.map((metric) => [metric.id, estimate(group.map((run) => metric.of(run)))])),
    };
  });
}
