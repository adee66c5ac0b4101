import { z } from 'zod';
import { DavpulseError } from '../../errors/index.ts';
import { judgeRanked, type Samples } from './compare-samples.ts';
import type { Comparison } from './comparison.ts';

const summarySchema = z.looseObject({
  metrics: z.record(z.string(), z.looseObject({})),
});

/** Statistics of k6's end-of-test summary that are compared, where a metric has them. */
const compared = ['avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'rate', 'count'] as const;

/** Whether a parsed JSON file looks like k6's `--summary-export` or `handleSummary` output. */
export const isK6Summary = (content: unknown): boolean =>
  summarySchema.safeParse(content).success &&
  !z.looseObject({ runs: z.array(z.unknown()) }).safeParse(content).success;

function figuresOf(content: unknown, place: string): Map<string, number> {
  const parsed = summarySchema.safeParse(content);
  if (!parsed.success) throw new DavpulseError('DAVPULSE_RESULT_INVALID', `${place} is not a summary of k6`);
  return new Map(
    Object.entries(parsed.data.metrics).flatMap(([name, metric]) => {
      // `handleSummary` nests the figures in `values`; `--summary-export` does not.
      const values = z.record(z.string(), z.unknown()).safeParse(metric['values'] ?? metric);
      if (!values.success) return [];
      return compared.flatMap((statistic) => {
        const value = values.data[statistic];
        return typeof value === 'number' ? [[`${name} ${statistic}`, value] as const] : [];
      });
    }),
  );
}

const isTime = (name: string): boolean =>
  /duration|waiting|blocked|connecting|handshaking|receiving|sending|staleness/.test(name) &&
  !/ (?:count|rate)$/.test(name);

/** Times, failures and bytes are better when less; rates and counts of work are better when more. */
const betterOf = (name: string): 'less' | 'more' =>
  isTime(name) || /^[^ {]*failed|^dropped|^data_/.test(name) ? 'less' : 'more';

/** Compares two summaries of k6. They hold one measurement each, so only the effect floor decides. */
export function compareK6(base: unknown, head: unknown, floor = 0.02): Comparison[] {
  const heads = figuresOf(head, 'the head');
  const samples: Samples[] = [...figuresOf(base, 'the base')].flatMap(([name, value]) => {
    const other = heads.get(name);
    if (other === undefined) return [];
    const unit = isTime(name) ? 'ms' : 'count';
    return { metric: { id: name, title: name, unit, better: betterOf(name) }, base: [value], head: [other] };
  });
  return judgeRanked(samples, floor).flatMap((judged, index) => {
    const sample = samples[index];
    if (sample === undefined) return [];
    return {
      scenario: 'k6',
      label: 'summary',
      backend: 'live' as const,
      metric: sample.metric,
      base: { mean: sample.base[0] ?? NaN, n: 1 },
      head: { mean: sample.head[0] ?? NaN, n: 1 },
      ...judged,
    };
  });
}
