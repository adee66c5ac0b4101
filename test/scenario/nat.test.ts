import { describe, expect, it } from 'vitest';
import { mergeHistograms, simulate } from '../../sim/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const second = 1000;

describe('a push on a connection that a NAT has forgotten', () => {
  const points = loadStudy('scenarios/features/nat.yaml', { seeds: [1] }).runs.map(({ spec }) => {
    const [group] = spec.deviceGroups;
    const { staleness, bytes } = simulate(spec);
    const { max } = mergeHistograms(Object.values(staleness));
    const connects = bytes.find(({ cause }) => cause === 'connect')?.up ?? NaN;
    return { keepAliveMs: group?.keepAliveMs ?? NaN, natMs: group?.link.natTimeoutMs ?? NaN, max, connects };
  });
  // What the push service, paging and fetching take at the very most.
  const rest = 60 * second;

  it('waits for the next keep-alive, and no longer', () => {
    const tooSeldom = points.filter(({ keepAliveMs, natMs }) => keepAliveMs > natMs);
    expect(tooSeldom).toHaveLength(2);
    for (const { keepAliveMs, natMs, max } of tooSeldom) {
      expect(max).toBeGreaterThan((keepAliveMs - natMs) * 0.9);
      expect(max).toBeLessThan(keepAliveMs - natMs + rest);
    }
  });

  it('does not wait once keep-alives come more often than the NAT forgets', () => {
    const often = points.filter(({ keepAliveMs, natMs }) => keepAliveMs < natMs);
    expect(often).toHaveLength(10);
    for (const { max } of often) expect(max).toBeLessThan(rest);
  });

  it('costs a connection each time, which more keep-alives save', () => {
    const connectsAt = (keepAlive: number) =>
      points.find(({ keepAliveMs, natMs }) => keepAliveMs === keepAlive * second && natMs === 300 * second)
        ?.connects ?? NaN;
    expect(connectsAt(295)).toBeLessThan(connectsAt(28 * 60));
    expect(connectsAt(28 * 60)).toBeLessThan(connectsAt(15 * 60));
  });
});
