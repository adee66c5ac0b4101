import { expect, it } from 'vitest';
import { mapRequests, meanOf, ofRequest, simulate, type RunSpec } from '../../sim/index.ts';
import {
  loopShareOf,
  majorGcOf,
  messageShareOf,
  messageWaitsOf,
  withThreads,
} from '../../src/capacity/with-threads.ts';
import { specOf } from '../live/spec.ts';

const spec = specOf({
  users: 20,
  devicesPerUser: 1,
  changesPerSecond: 1,
  durationMs: 60_000,
  syncPolicy: { kind: 'fixed', intervalMs: 1000 },
});

const mean = ({ serviceMs }: RunSpec['server']): number => meanOf(ofRequest(serviceMs, 'put'));

it('leaves all processor time what it was, and keeps the worker for the share of its own thread', () => {
  const serviceMs = mapRequests(spec.server.serviceMs, () => ({ kind: 'constant', value: 0.5 }) as const);
  const server = { ...spec.server, serviceMs, cold: [{ idleMs: 5, costMs: 0.3 }], coldKept: 0.2 };
  const threads = withThreads(server, { requests: 0.8 });
  const [one, two] = [server, threads].map((each) => simulate({ ...spec, server: each }).server);
  expect((two?.busyMs ?? NaN) / (one?.busyMs ?? NaN)).toBeCloseTo(1, 2);
  expect((two?.loopMs ?? NaN) / (two?.busyMs ?? NaN)).toBeCloseTo(0.8, 3);
  expect(mean(threads) / mean(server)).toBeCloseTo(0.8, 2);
});

it('takes the main thread for all where nothing else is known', () => {
  expect(loopShareOf([])).toBe(1);
  expect(
    loopShareOf([
      { busyMs: 10, loopMs: 8 },
      { busyMs: 30, loopMs: 24 },
    ]),
  ).toBeCloseTo(0.8, 12);
  expect(withThreads(spec.server, { requests: 1 })).toBe(spec.server);
});

const told = {
  ...spec,
  deviceGroups: spec.deviceGroups.map((group) => ({
    ...group,
    syncPolicy: { kind: 'on-push', spreadMs: 0 } as const,
  })),
  pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 } as const,
};

it('divides what messages take apart from the rest', () => {
  const pushMs = { kind: 'constant', value: 0.8 } as const;
  const server = { ...told.server, pushMs, pushCold: [{ idleMs: 5, costMs: 0.4 }] };
  const threads = withThreads(server, { requests: 0.9, messages: 0.5 });
  const [one, two] = [server, threads].map((each) => simulate({ ...told, server: each }).server);
  expect(one?.busyMs).toBeGreaterThan(10);
  expect((two?.busyMs ?? NaN) / (one?.busyMs ?? NaN)).toBeCloseTo(1, 2);
  const { server: silent } = simulate({
    ...told,
    server: { ...server, pushMs: { ...pushMs, value: 0 }, pushCold: [] },
  });
  const messagesMs = (one?.busyMs ?? NaN) - silent.busyMs;
  expect(messagesMs).toBeGreaterThan(0);
  expect(two?.loopMs).toBeCloseTo(0.9 * silent.busyMs + 0.5 * messagesMs, 0);
  const times = [{ busyMs: two?.busyMs ?? NaN, loopMs: two?.loopMs ?? NaN }];
  expect(messageShareOf(times, { messagesMs, loopShare: 0.9 })).toBeCloseTo(0.5, 2);
  expect(messageShareOf([], { messagesMs: 0, loopShare: 0.9 })).toBe(0.9);
});

it('finds again how long the main thread waits for those that take messages from it', () => {
  const server = { ...told.server, pushMs: { kind: 'constant', value: 0.8 } as const };
  const shares = { requests: 0.9, messages: 0.5, waits: 0.7 };
  const run = simulate({ ...told, server: withThreads(server, shares) });
  const { busyMs, loopMs = NaN, waitedMs = NaN } = run.server;
  const messagesMs = run.push.sent * 0.8;
  expect(waitedMs).toBeCloseTo(0.7 * 0.5 * messagesMs, 0);
  const times = [{ busyMs, loopMs, waitedMs, majorGcs: 0 }];
  const knowing = { messagesMs, loopShare: 0.9, majorGc: undefined };
  expect(messageWaitsOf(times, knowing)).toBeCloseTo(0.7, 2);
  expect(messageWaitsOf([], { ...knowing, messagesMs: 0 })).toBe(0);
  // What it waits for collections is not for messages.
  const collected = [{ busyMs, loopMs, waitedMs: waitedMs + 90, majorGcs: 3 }];
  expect(messageWaitsOf(collected, { ...knowing, majorGc: { everyMs: 500, pauseMs: 30 } })).toBeCloseTo(
    0.7,
    2,
  );
});

it('finds again how often the heap is collected, and how long the main thread waits then', () => {
  const majorGc = { everyMs: 20, pauseMs: 3 };
  const serviceMs = mapRequests(spec.server.serviceMs, () => ({ kind: 'constant', value: 0.5 }) as const);
  const worked = withThreads({ ...spec.server, serviceMs }, { requests: 0.9, majorGc });
  const { server } = simulate({ ...spec, server: worked });
  const { busyMs, loopMs = NaN, waitedMs = NaN, majorGcs = NaN } = server;
  expect(majorGcs).toBeGreaterThan(10);
  const found = majorGcOf([{ busyMs, loopMs, waitedMs, majorGcs }]);
  expect(found?.pauseMs).toBe(3);
  expect(Math.abs((found?.everyMs ?? NaN) / 20 - 1)).toBeLessThan(0.1);
  const disturbed = { busyMs, loopMs: 0, waitedMs: 5000, majorGcs: 0 };
  expect(majorGcOf([{ busyMs, loopMs, waitedMs, majorGcs }, disturbed])).toEqual(found);
  expect(majorGcOf([{ busyMs, loopMs, waitedMs, majorGcs: 1 }])).toBeUndefined();
});

it('leaves more of large bursts to other threads, which changes no sum', () => {
  const [few, many] = [2, 12].map((members) => ({
    ...told,
    collectionGroups: told.collectionGroups.map((group) => ({ ...group, members })),
    server: { ...told.server, pushMs: { kind: 'constant', value: 0.8 } as const },
  }));
  const share = (spec: RunSpec | undefined): number => {
    if (spec === undefined) return NaN;
    const shares = { requests: 1, messages: 0.9, bursts: { from: 6, share: 0.5 } };
    const [one, two] = [spec.server, withThreads(spec.server, shares)].map(
      (server) => simulate({ ...spec, server }).server,
    );
    expect((two?.busyMs ?? NaN) / (one?.busyMs ?? NaN)).toBeCloseTo(1, 2);
    const { server: silent } = simulate({
      ...spec,
      server: { ...spec.server, pushMs: { kind: 'constant', value: 0 } },
    });
    return ((two?.loopMs ?? NaN) - silent.busyMs) / ((two?.busyMs ?? NaN) - silent.busyMs);
  };
  expect(share(few)).toBeCloseTo(0.9, 2);
  expect(share(many)).toBeCloseTo(0.5, 2);
});
