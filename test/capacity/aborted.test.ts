import { describe, expect, it } from 'vitest';
import { climb } from '../../src/capacity/ladder.ts';
import { ladderRequests } from '../../src/capacity/ladder-requests.ts';
import { raiseBenchBed } from '../../src/capacity/bench-bed.ts';
import { actAtRandom } from '../../src/capacity/poisson-requests.ts';

describe('acts at random instants', () => {
  it('are all done, each by a member that has the time', async () => {
    const done: string[] = [];
    const act = async (member: string): Promise<void> => {
      await Promise.resolve();
      done.push(member);
    };
    const { acts } = await actAtRandom(['a', 'b'], 1, 20, act);
    expect(done).toHaveLength(acts);
  });

  it('end with the first that fails, and with its error', async () => {
    let acts = 0;
    const broken = new Error('the server is gone');
    const act = (): Promise<void> => {
      acts += 1;
      return Promise.reject(broken);
    };
    await expect(actAtRandom(['a', 'b'], 1, 1e9, act)).rejects.toBe(broken);
    expect(acts).toBeLessThan(1e6);
  });
});

describe('a bench bed whose signal is aborted', () => {
  it('answers no more, ends a ladder on its rung, and is still taken away', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    await using stack = new AsyncDisposableStack();
    const transport = { http: '1.1', tls: false, keepAliveMs: 60_000 } as const;
    const size = { transport, objectBytes: 1102, objects: 2 };
    const bed = await raiseBenchBed(size, controller.signal, stack);
    const [request] = await ladderRequests(bed);
    if (request === undefined) throw new RangeError('a bed has requests');
    const rung = climb(bed, request, 600_000);
    setTimeout(() => controller.abort(reason), 300);
    await expect(rung).rejects.toBe(reason);
    await expect(bed.put(0)).rejects.toBe(reason);
    await expect(stack.disposeAsync()).resolves.toBeUndefined();
  });
});
