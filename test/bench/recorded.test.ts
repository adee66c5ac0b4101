import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeSideBySide } from '../../src/results/compare/compare-samples.ts';
import type { Verdict } from '../../src/results/index.ts';
import { streamKey, uniform } from '../../sim/index.ts';

const pairs = z.array(z.tuple([z.number(), z.number()]));
const sides = z.object({ identical: pairs, slower: pairs });

/**
 * Processor time for each request, ms, of two servers side by side: pairs measured as `bench/slow-down.ts`
 * does, on a machine with two cores, once with a load average of 8, once of 15 to 20. `slower` had 5 % injected on
 * one side; the few `identical` ones of the first were taken while that script was being written.
 */
const recorded = z
  .object({ busy: sides, overloaded: sides })
  .parse(JSON.parse(readFileSync('test/bench/recorded-pairs.json', 'utf8')));

const metric = { id: 'server.work', title: '', unit: 'ms', better: 'less' } as const;

/** How often each verdict falls in many tries of ten pairs, drawn with replacement from those recorded. */
function verdictsOf(drawn: z.output<typeof pairs>): Map<Verdict, number> {
  const tries = Array.from({ length: 400 }, (_, attempt) => {
    const ten = Array.from({ length: 10 }, (_pair, i) => {
      const place = Math.floor(uniform(streamKey(1, 13), attempt, i) * drawn.length);
      return drawn[place] ?? ([NaN, NaN] as const);
    });
    const [judged] = judgeSideBySide(
      [{ metric, base: ten.map(([base]) => base), head: ten.map(([, head]) => head) }],
      0.02,
    );
    return judged?.verdict ?? 'cannot tell';
  });
  return new Map(
    [...Map.groupBy(tries, (verdict) => verdict)].map(([verdict, all]) => [verdict, all.length]),
  );
}

const share = (verdicts: Map<Verdict, number>, verdict: Verdict): number =>
  (verdicts.get(verdict) ?? 0) / 400;

describe('comparing recorded runs of two servers side by side', () => {
  it('finds 5 % in at least nine of ten tries, and cries wolf in at most one of twenty', () => {
    expect(share(verdictsOf(recorded.busy.slower), 'worse')).toBeGreaterThanOrEqual(0.9);
    expect(share(verdictsOf(recorded.busy.identical), 'worse')).toBeLessThanOrEqual(0.05);
    expect(share(verdictsOf(recorded.busy.identical), 'better')).toBeLessThanOrEqual(0.05);
  });

  it('says that it cannot tell where the machine has far too much to do, rather than cry wolf', () => {
    const identical = verdictsOf(recorded.overloaded.identical);
    expect(share(identical, 'worse')).toBeLessThanOrEqual(0.05);
    expect(share(identical, 'better')).toBeLessThanOrEqual(0.05);
    expect(share(verdictsOf(recorded.overloaded.slower), 'same')).toBeLessThanOrEqual(0.05);
  });
});
