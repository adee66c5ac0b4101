import { makeBed, makeTargets, until, type Sink } from './set-up.ts';

export interface IsolationRow {
  readonly arm: string;
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const changeEveryMs = 20;
const rounds = 4;
const well = 8;

const arms = [
  { arm: 'eight well endpoints alone', sick: [] },
  { arm: 'beside one that hangs and one that answers 500', sick: ['hang', 'fail'] },
] as const;

/**
 * Endpoints of one origin. Time from each change to the acceptance of its message, for the eight that are well,
 * without and with two sick neighbours; in turns, so that a busy machine troubles both.
 */
export async function isolation(sink: Sink, changes: number): Promise<IsolationRow[]> {
  const latencies = arms.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, { sick }] of arms.entries()) {
      latencies[place]?.push(...(await measure(sink, sick, Math.ceil(changes / rounds))));
    }
  }
  return arms.map(({ arm }, place) => {
    const sorted = (latencies[place] ?? []).toSorted((a, b) => a - b);
    const quantile = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
    return { arm, samples: sorted.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
  });
}

async function measure(sink: Sink, sick: readonly string[], changes: number): Promise<number[]> {
  const latencies: number[] = [];
  const bed = makeBed({ kind: 'immediate', ttlSeconds: 60, topic: 1 }, { ca: sink.ca });
  for (const kind of sick) for (const target of makeTargets(sink.origin, 1, kind)) bed.subscribe(target);
  for (const target of makeTargets(sink.origin, well)) bed.subscribe(target);
  for (let change = 0; change < changes; change += 1) {
    const before = bed.engine.totals().sent;
    const changedAt = performance.now();
    bed.change();
    let seen = 0;
    while (seen < well && performance.now() - changedAt < 5000) {
      await new Promise((resolve) => setImmediate(resolve));
      const accepted = Math.min(well, bed.engine.totals().sent - before);
      for (; seen < accepted; seen += 1) latencies.push(performance.now() - changedAt);
    }
    await until(() => performance.now() - changedAt >= changeEveryMs, 1000);
  }
  await bed.close();
  return latencies;
}
