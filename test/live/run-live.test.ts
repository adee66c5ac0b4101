import { describe, expect, it } from 'vitest';
import { histogramQuantile, simulate, type RunSpec } from '../../sim/index.ts';
import { runLive } from '../../src/live/index.ts';
import { specOf } from './spec.ts';

const live = (spec: RunSpec) =>
  runLive(spec, { signal: AbortSignal.timeout(50_000), timeScale: 1, maxLagMs: 2000 });

const hybrid = { kind: 'hybrid', safetyIntervalMs: 60_000, spreadMs: 0 } as const;
const onPush = { kind: 'on-push', spreadMs: 0 } as const;
const immediate = { kind: 'immediate', ttlSeconds: 60, topic: 1 } as const;

describe('a live run on the bundled server', () => {
  it('polls, learns of every change, and makes the very contacts that the simulator makes', async () => {
    const spec = specOf({ durationMs: 2500, warmUpMs: 300 });
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(record.stateCheck).toEqual({ compared: 8, different: 0 });
    expect(record.ledger).toMatchObject({ lost: 0 });
    expect(record.ledger.expected).toBeGreaterThan(0);
    const contacts = (run: typeof record): number =>
      run.groups.reduce((sum, group) => sum + group.contacts, 0);
    // One that is due at the very end of the counted time may start just after it.
    expect(Math.abs(contacts(record) - contacts(simulated))).toBeLessThanOrEqual(2);
    expect(record.requests['sync-collection']).toBe(contacts(record));
    expect(Math.abs(record.requests.put - simulated.requests.put)).toBeLessThanOrEqual(1);
    expect(record.generator).toMatchObject({ failures: 0 });
    expect(record.server.busyMs).toBeGreaterThan(0);
    const check = record.bytes.find(({ cause }) => cause === 'check');
    expect(check?.up).toBeGreaterThan(100 * record.requests['sync-collection']);
  });

  it('follows pushes well before the next poll, and no device is pushed about its own write', async () => {
    const spec = specOf({
      durationMs: 2500,
      syncPolicy: hybrid,
      pushPolicy: immediate,
      changesPerSecond: 2,
    });
    const record = await live(spec);
    expect(record.stateCheck.different).toBe(0);
    expect(record.ledger.lost).toBe(0);
    expect(histogramQuantile(record.staleness.normal, 0.5)).toBeLessThan(2000);
    expect(record.push.delivered).toBeGreaterThan(0);
    // Each change concerns three of the four devices on its collection.
    expect(record.ledger.expected).toBe(3 * record.ledger.changes);
    // On a busy machine some are written after the counted time, and pushed before it was read how many were.
    expect(record.push.sent).toBeLessThanOrEqual(simulate(spec).ledger.expected);
  });

  it('makes one more contact for pushes that come during one, so that nothing is missed without any poll', async () => {
    const plain = specOf({ durationMs: 2000, syncPolicy: onPush, pushPolicy: immediate });
    const record = await live({
      ...plain,
      // A contact goes through eight collections, so most pushes find one under way.
      collectionGroups: plain.collectionGroups.map((group) => ({
        ...group,
        perUser: 8,
        changes: { kind: 'poisson', perDay: 8 * 86_400 },
      })),
    });
    const { expected, seen, lost } = record.ledger;
    expect(expected).toBeGreaterThan(100);
    expect({ seen, lost }).toEqual({ seen: expected, lost: 0 });
    expect(record.stateCheck.different).toBe(0);
    const contacts = record.groups.reduce((sum, group) => sum + group.contacts, 0);
    // Had each push led to a contact of its own, there were as many.
    expect(contacts).toBeLessThan(0.9 * record.push.delivered);
  });

  it('counts as lost what a push service swallows when there is no safety poll', async () => {
    const lossy = specOf({
      durationMs: 3500,
      pushLoss: 1,
      syncPolicy: onPush,
      pushPolicy: immediate,
    });
    const record = await live({
      ...lossy,
      // So long before the end that no message is under way then: one is lost where it would have arrived.
      collectionGroups: lossy.collectionGroups.map((group) => ({
        ...group,
        changes: {
          kind: 'trace',
          atMs: [
            [400, 600, 800],
            [500, 700],
          ],
        },
      })),
    });
    const { expected, seen, lost } = record.ledger;
    expect(expected).toBeGreaterThan(0);
    expect({ seen, lost }).toEqual({ seen: 0, lost: expected });
    // A write 200 ms after another finds the message of that one still waiting on a busy machine.
    expect(record.push.sent + record.push.merged).toBe(expected);
    expect(record.push.dropped).toBe(record.push.sent);
    expect(record.push.delivered).toBe(0);
    expect(record.stateCheck.different).toBeGreaterThan(0);
  });

  it.each(['addressbook', 'tasks'] as const)('keeps collections of kind %s as well', async (kind) => {
    const record = await live(specOf({ kind, durationMs: 1200, changesPerSecond: 3 }));
    expect(record.ledger.expected).toBeGreaterThan(0);
    expect(record.ledger.lost).toBe(0);
    expect(record.stateCheck.different).toBe(0);
  });

  it('ends promptly and leaves no server behind when it is stopped', async () => {
    const abort = new AbortController();
    const run = runLive(specOf({ durationMs: 60_000 }), {
      signal: abort.signal,
      timeScale: 1,
      maxLagMs: 2000,
      onProgress: () => abort.abort(new Error('told to stop')),
    });
    await expect(run).rejects.toThrow('told to stop');
  });
});
