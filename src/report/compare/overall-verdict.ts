import type { Comparison, Verdict } from '../../results/index.ts';

/** `worse` when anything is, else `cannot tell` when anything cannot be told, else `better` or `same`. */
export function overallVerdict(comparisons: readonly Comparison[]): Verdict {
  const found = new Set(comparisons.map(({ verdict }) => verdict));
  const order: readonly Verdict[] = ['worse', 'cannot tell', 'better'];
  return order.find((verdict) => found.has(verdict)) ?? (comparisons.length === 0 ? 'cannot tell' : 'same');
}

/** How many comparisons ended with each verdict, in words: `2 worse, 11 same`. */
export function countVerdicts(comparisons: readonly Comparison[]): string {
  const counts = Map.groupBy(comparisons, ({ verdict }) => verdict);
  return [...counts].map(([verdict, group]) => `${group.length} ${verdict}`).join(', ');
}
