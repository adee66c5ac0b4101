import type { Comparison } from '../../results/index.ts';
import { formatGap, formatValue } from '../format.ts';

const methods: Readonly<Record<Comparison['method'], string>> = {
  exact: 'exact, one seed',
  paired: 'paired over seeds',
  rank: 'ranks of live runs',
  'side by side': 'ratios of live runs side by side',
  single: 'one measurement each',
};

/** What every rendering of a comparison shows, as text. */
export interface ComparisonCells {
  readonly point: string;
  readonly metric: string;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  readonly interval: string;
  readonly method: string;
}

export function comparisonCells(comparison: Comparison): ComparisonCells {
  const { scenario, label, backend, metric, base, head, change, low, high, method } = comparison;
  return {
    point: `${scenario} · ${label} (${backend})`,
    metric: metric.title,
    base: formatValue(metric.unit, base.mean),
    head: formatValue(metric.unit, head.mean),
    change: change === 0 ? '0' : formatGap(change),
    interval: low === high ? '' : `${formatGap(low)} to ${formatGap(high)}`,
    method: `${methods[method]}, ${base.n} against ${head.n}`,
  };
}
