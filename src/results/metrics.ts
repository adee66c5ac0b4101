import { detailMetrics } from './detail-metrics.ts';
import { failureMetrics } from './failure-metrics.ts';
import type { Metric } from './metric.ts';
import { summaryMetrics } from './summary-metrics.ts';

/** Every metric; a new one is an entry in one of the lists. */
export const metrics: readonly Metric[] = [...summaryMetrics, ...detailMetrics, ...failureMetrics];

/** @throws RangeError for an id that no metric has */
export function metricById(id: string): Metric {
  const metric = metrics.find((candidate) => candidate.id === id);
  if (metric === undefined) throw new RangeError(`no metric is called ${id}`);
  return metric;
}
