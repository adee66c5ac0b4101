import { describe, expect, it } from 'vitest';
import { simulate, whyNot, type RunSpec } from '../../sim/index.ts';
import { specOf } from '../live/spec.ts';

const serviceMs = 2;
const intervalMs = 1000;
const minutes = 10;

function polled(devices: number, cold: RunSpec['server']['cold']): RunSpec {
  const spec = specOf({
    users: devices,
    devicesPerUser: 1,
    members: 1,
    changesPerSecond: 0,
    durationMs: minutes * 60_000,
    syncPolicy: { kind: 'fixed', intervalMs },
  });
  const constant = { kind: 'constant', value: serviceMs } as const;
  return {
    ...spec,
    server: {
      ...spec.server,
      serviceMs: { ...spec.server.serviceMs, 'sync-collection': constant },
      ...(cold && { cold }),
    },
  };
}

describe('a server that was idle', () => {
  it.each([
    [[{ idleMs: 100, costMs: 1 }], 1],
    // Between nothing after no time and 5 ms after twice the time that lies between two polls.
    [[{ idleMs: 2 * (intervalMs - serviceMs), costMs: 5 }], 2.5],
    [
      [
        { idleMs: 10, costMs: 1 },
        { idleMs: intervalMs + 1000, costMs: 3 },
      ],
      1 + (2 * (intervalMs - serviceMs - 10)) / (intervalMs + 990),
    ],
  ])('pays for each job by how long it had none: %j', (cold, costMs) => {
    const { server } = simulate(polled(1, cold));
    // Starting late by the cost itself, the next idle time is that much shorter.
    expect(server.busyMs / server.requests / (serviceMs + costMs)).toBeCloseTo(1, 2);
  });

  it('pays nothing while it is always busy, and answers as soon as before', () => {
    const cold = [{ idleMs: 1, costMs: 50 }];
    const crowd = simulate(polled(600, cold));
    const without = simulate(polled(600, undefined));
    expect(crowd.server.busyMs / without.server.busyMs).toBeLessThan(1.1);
    const lone = (points: RunSpec['server']['cold']) => simulate(polled(1, points)).server.responseMs;
    expect(lone(cold)).toEqual(lone(undefined));
  });
});

describe('a server whose news went cold', () => {
  const news = specOf({ users: 8, members: 2, changesPerSecond: 1, durationMs: 60_000 });
  const withNews = (idleMs: number): RunSpec => ({
    ...news,
    server: { ...news.server, newsCold: [{ idleMs, costMs: 2 }] },
  });

  it('pays for each write and fetch, and for nothing else, by how long ago the last of its kind came', () => {
    const plain = simulate(news);
    const { put, multiget } = plain.requests;
    expect(put).toBeGreaterThan(50);
    const paid = (idleMs: number) => simulate(withNews(idleMs)).server.busyMs - plain.server.busyMs;
    expect(paid(0.001) / (2 * (put + multiget))).toBeCloseTo(1, 2);
    // There was none before the first of either kind.
    expect(paid(1e9)).toBeCloseTo(2 * 2, 2);
  });

  it('is not left out where contacts are', () => {
    expect(whyNot(withNews(1), 'exact-elided')).toMatch(/idle/);
    expect(whyNot(withNews(1), 'expected')).toMatch(/idle/);
  });
});

describe('a server that greets', () => {
  it.each(['auto', 'exact'] as const)('spends time on each TLS handshake, in the mode %s', (mode) => {
    const connectMs = 3;
    const plain = polled(20, undefined);
    const run = (keepAliveMs: number) =>
      simulate(
        {
          ...plain,
          transport: { http: '1.1', tls: true, keepAliveMs },
          wire: { ...plain.wire, connect: { up: 500, down: 2000 } },
          server: { ...plain.server, connectMs },
        },
        { mode },
      );
    const each = run(intervalMs / 2);
    expect(each.server.busyMs).toBeCloseTo(each.server.requests * (serviceMs + connectMs), 3);
    const once = run(10 * intervalMs);
    expect(once.server.busyMs).toBeCloseTo(once.server.requests * serviceMs + 20 * connectMs, 3);
  });
});
