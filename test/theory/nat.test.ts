import { describe, expect, it } from 'vitest';
import { mergeHistograms, simulate, type RunRecord } from '../../sim/index.ts';
import { plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const minute = 60_000;
const day = 86_400_000;
const perDay = 1;

/** Devices that are pushed so seldom that a message hardly ever finds the mapping refreshed by another. */
const run = (users: number, keepAliveMs: number, natTimeoutMs: number, perDay: number): RunRecord => {
  const device = plainDevices({
    syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
    keepAliveMs,
  });
  return simulate(
    plainSpec({
      users,
      durationMs: 3 * day,
      warmUpMs: day,
      deviceGroups: [{ ...device, link: { ...device.link, natTimeoutMs } }],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay } })],
      pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 0 },
    }),
  );
};

describe('push connections that a NAT forgets', () => {
  // A message is lost on the way when the connection was silent for longer than the timeout N, and comes with the next
  // keep-alive, due every K: its wait is K - t for t in (N, K), unless one in (t - N, N) has refreshed the mapping.
  it.each([
    { keepAliveMs: 28 * minute, natTimeoutMs: 5 * minute },
    { keepAliveMs: 60 * minute, natTimeoutMs: 10 * minute },
    { keepAliveMs: 40 * minute, natTimeoutMs: 8 * minute },
  ])('wait for the next keep-alive: each $keepAliveMs ms, forgotten after $natTimeoutMs ms', (given) => {
    const { keepAliveMs: k, natTimeoutMs: n } = given;
    const steps = 1000;
    const waits = Array.from({ length: steps }, (_, step) => {
      const t = n + ((step + 0.5) / steps) * (k - n);
      return (k - t) * Math.exp((-perDay / day) * Math.max(0, 2 * n - t));
    });
    const seen = mergeHistograms(Object.values(run(10_000, k, n, perDay).staleness));
    expectAgreement(
      seen.sum / seen.count,
      (waits.reduce((sum, wait) => sum + wait, 0) / steps) * ((k - n) / k),
    );
  });

  it('cost nothing while keep-alives come in time, and a new connection each time when they do not', () => {
    const connects = (keepAliveMs: number): number => {
      const { bytes } = run(100, keepAliveMs, 5 * minute, 0);
      const up = bytes.find(({ cause }) => cause === 'connect')?.up ?? 0;
      return up / plainSpec().wire.connect.up;
    };
    expect(connects(4 * minute)).toBe(0);
    expect(connects(6 * minute)).toBe(100 * 3 * 240);
  });

  it('are remembered anew when they were made anew after the server was away', () => {
    const device = plainDevices({
      syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
      keepAliveMs: 30 * minute,
    });
    const { server } = plainSpec();
    const { staleness } = simulate(
      plainSpec({
        users: 50,
        durationMs: 3 * 60 * minute,
        deviceGroups: [{ ...device, link: { ...device.link, natTimeoutMs: 5 * minute } }],
        collectionGroups: [
          plainCollections({ members: 50, changes: { kind: 'trace', atMs: [[61 * minute]] } }),
        ],
        pushPolicy: { kind: 'immediate', ttlSeconds: 86_400, topic: 0 },
        server: {
          ...server,
          restarts: [{ atMs: 60 * minute, downMs: minute / 2 }],
          pushConnections: { reconnectMs: { kind: 'constant', value: 1 } },
        },
      }),
    );
    const { count, max } = mergeHistograms(Object.values(staleness));
    expect(count).toBe(50);
    expect(max).toBeLessThan(minute);
  });
});
