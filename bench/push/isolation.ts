import { makeBed, makeTargets, until, type Bed, type Sink } from './set-up.ts';

export interface IsolationRow {
  readonly arm: string;
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of each pair of neighbouring blocks, this arm's p99 by that of the well endpoints alone; the median. */
  readonly 'p99 by pairs': number;
}

const changeEveryMs = 20;
const blockChanges = 25;
const warmUpChanges = 20;
const well = 8;

const arms = [
  { arm: 'eight well endpoints alone', sick: [] },
  { arm: 'beside one that hangs and one that answers 500', sick: ['hang', 'fail'] },
] as const;

const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
};

/**
 * Endpoints of one origin. Time from each change to the acceptance of its message, for the eight that are well,
 * without and with two sick neighbours; in short turns over connections that stand, so that a busy machine troubles
 * both alike.
 */
export async function isolation(sink: Sink, changes: number): Promise<IsolationRow[]> {
  const beds = arms.map(({ sick }) => makeSide(sink, sick));
  for (const bed of beds) await measure(bed, warmUpChanges);
  const blocks = arms.map((): number[][] => []);
  for (let done = 0; done < changes; done += blockChanges) {
    for (const [place, bed] of beds.entries()) blocks[place]?.push(await measure(bed, blockChanges));
  }
  for (const bed of beds) await bed.close();
  const alone = blocks[0] ?? [];
  return arms.map(({ arm }, place) => {
    const own = blocks[place] ?? [];
    const samples = own.flat();
    const ratios = own.map((block, at) => quantile(block, 0.99) / quantile(alone[at] ?? [], 0.99));
    return {
      arm,
      samples: samples.length,
      p50Ms: quantile(samples, 0.5),
      p99Ms: quantile(samples, 0.99),
      'p99 by pairs': quantile(ratios, 0.5),
    };
  });
}

function makeSide(sink: Sink, sick: readonly string[]): Bed {
  const bed = makeBed({ kind: 'immediate', ttlSeconds: 60, topic: 1 }, { ca: sink.ca });
  for (const kind of sick) for (const target of makeTargets(sink.origin, 1, kind)) bed.subscribe(target);
  for (const target of makeTargets(sink.origin, well)) bed.subscribe(target);
  return bed;
}

async function measure(bed: Bed, changes: number): Promise<number[]> {
  const latencies: number[] = [];
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
  return latencies;
}
