import { parseThreshold } from '../results/index.ts';

/** Metrics of a scenario that k6 can judge, and k6's names of them. */
const judged: Readonly<Record<string, readonly [metric: string, statistic: string]>> = {
  'server.response.p50': ['http_req_duration', 'med'],
  'server.response.p99': ['http_req_duration', 'p(99)'],
  'service.p50': ['http_req_duration', 'med'],
  'service.p99': ['http_req_duration', 'p(99)'],
  'staleness.mean': ['staleness', 'avg'],
  'staleness.p99': ['staleness', 'p(99)'],
};

/**
 * What a scenario promises in the form of k6's thresholds, by metric; what k6 cannot see (energy, losses) is left out.
 * @throws DavpulseError for a threshold that cannot be read
 */
export function k6Thresholds(texts: readonly string[]): Record<string, string[]> {
  const thresholds: Record<string, string[]> = {};
  for (const text of texts) {
    const { metric, relation, limit } = parseThreshold(text);
    const [name, statistic] = judged[metric.id] ?? [];
    if (name === undefined) continue;
    (thresholds[name] ??= []).push(`${statistic}${relation}${limit}`);
  }
  return thresholds;
}
