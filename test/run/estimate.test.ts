import { describe, expect, it } from 'vitest';
import { simulate, type RunSpec, type SyncPolicySpec } from '../../sim/index.ts';
import { estimateContacts, refuseTooLarge } from '../../src/run/index.ts';
import type { PlannedRun } from '../../src/scenario/index.ts';
import { plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';

const minute = 60_000;

const fleet = (syncPolicy: SyncPolicySpec, more: Partial<RunSpec> = {}): RunSpec =>
  plainSpec({
    users: 50,
    deviceGroups: [plainDevices({ syncPolicy })],
    collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
    ...more,
  });

describe('the contacts that a run is said to have', () => {
  it.each<SyncPolicySpec>([
    { kind: 'fixed', intervalMs: 15 * minute },
    { kind: 'os-batched', periodMs: 15 * minute, flexMs: 5 * minute, windowMs: 0 },
    { kind: 'long-poll', holdMs: 4 * minute, gapMs: 1 },
    { kind: 'manual', refreshesPerDay: 5, wakeHour: 7, sleepHour: 23 },
    {
      kind: 'server-paced',
      intervalMs: 10 * minute,
      minIntervalMs: 1,
      maxIntervalMs: 1e9,
      jitter: 0.1,
      retrySpread: 0.5,
    },
  ])('are about those that it has: $kind', (policy) => {
    const spec = fleet(policy);
    const had = simulate(spec).groups.reduce((sum, { contacts }) => sum + contacts, 0);
    expect(estimateContacts(spec) / had).toBeGreaterThan(0.8);
    expect(estimateContacts(spec) / had).toBeLessThan(1.25);
  });

  it('are none for devices that only follow pushes, and count the warm-up', () => {
    expect(estimateContacts(fleet({ kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 1 }))).toBe(0);
    const cold = fleet({ kind: 'fixed', intervalMs: minute }, { warmUpMs: 0 });
    const warm = { ...cold, warmUpMs: 3 * cold.durationMs };
    expect(estimateContacts(warm)).toBeCloseTo(4 * estimateContacts(cold));
  });
});

describe('a run that no memory could hold', () => {
  const planned = (spec: RunSpec): PlannedRun => ({
    index: 0,
    backend: 'sim',
    spec,
    timeScale: 1,
    maxLagMs: 250,
    faults: [],
  });
  const gib = 2 ** 30;

  it('is refused before it begins', () => {
    const many = fleet({ kind: 'fixed', intervalMs: minute }, { users: 1e9 });
    expect(() => refuseTooLarge([planned(many)], 8 * gib)).toThrow(/1,000,000,000 devices .* has 8 GiB/);
    const busy = fleet(
      { kind: 'fixed', intervalMs: minute },
      { collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 1e9 } })] },
    );
    expect(() => refuseTooLarge([planned(busy)], 8 * gib)).toThrow(/changes take more than/);
  });

  it('is let through where it fits', () => {
    const large = fleet({ kind: 'fixed', intervalMs: minute }, { users: 1e7 });
    expect(() => refuseTooLarge([planned(large)], 8 * gib)).not.toThrow();
  });
});
