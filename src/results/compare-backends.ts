import type { Metric } from './metric.ts';
import { metricById } from './metrics.ts';
import { summarize, valueOf, type PointSummary } from './summarize.ts';
import type { Estimate } from './statistics/estimate.ts';
import type { RunRecord } from '../../sim/index.ts';

/** One metric of one point as measured and as simulated. */
export interface BackendGap {
  readonly scenario: string;
  readonly label: string;
  readonly metric: Metric;
  readonly live: Estimate;
  readonly sim: Estimate;
  /** (simulated − measured) / measured; NaN when nothing was measured. */
  readonly gap: number;
}

const comparedIds = [
  'requests.total',
  'bytes.up.total',
  'bytes.down.total',
  'staleness.p50',
  'staleness.p95',
] as const;

/** Sets what was measured beside what was simulated, for every point that both backends ran. */
export function compareBackends(runs: readonly RunRecord[]): BackendGap[] {
  const points = summarize(runs);
  const twin = (point: PointSummary) =>
    points.find(
      (other) => other.backend === 'sim' && other.scenario === point.scenario && other.label === point.label,
    );
  return points
    .filter((point) => point.backend === 'live')
    .flatMap((measured) => {
      const simulated = twin(measured);
      if (simulated === undefined) return [];
      return comparedIds.map((id) => {
        const metric = metricById(id);
        const live = valueOf(measured, metric);
        const sim = valueOf(simulated, metric);
        return {
          scenario: measured.scenario,
          label: measured.label,
          metric,
          live,
          sim,
          gap: live.mean === 0 ? (sim.mean === 0 ? 0 : NaN) : sim.mean / live.mean - 1,
        };
      });
    });
}
