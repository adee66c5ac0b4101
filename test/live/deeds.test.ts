import { describe, expect, it } from 'vitest';
import { simulate, type ClientProfile, type RunSpec } from '../../sim/index.ts';
import { runLive } from '../../src/live/index.ts';
import { specOf, type SpecParts } from './spec.ts';

const live = (spec: RunSpec) =>
  runLive(spec, { signal: AbortSignal.timeout(50_000), timeScale: 1, maxLagMs: 2000 });

/** Users with three shared collections each, who do more than edit. */
function busy(parts: Partial<SpecParts>, bytes = 600): RunSpec {
  const plain = specOf({ durationMs: 2500, objects: 6, ...parts });
  return {
    ...plain,
    collectionGroups: plain.collectionGroups.map((group) => ({
      ...group,
      perUser: 3,
      writes: { edit: 2, create: 2, delete: 2, move: 2 },
      objectBytes: { kind: 'uniform', min: bytes / 2, max: 2 * bytes },
      changes: { kind: 'poisson', perDay: 4 * 86_400 },
    })),
  };
}

const plain: ClientProfile = { name: 'plain', check: 'none', multigetBatch: 50 };
const lister: ClientProfile = { name: 'lister', check: 'sync-token', report: 'list', multigetBatch: 50 };

describe('users who create, edit, remove and move', () => {
  it.each([
    ['a client that asks for changes', { client: plain }],
    ['a client that compares lists', { client: lister }],
    [
      'a client that is pushed and never polls',
      {
        client: plain,
        syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 0 },
        pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
      },
    ],
  ] as const)('are followed by %s, and write what they write in the simulator', async (_name, parts) => {
    const spec = busy(parts);
    const record = await live(spec);
    expect(record.stateCheck).toMatchObject({ different: 0 });
    expect(record.ledger.expected).toBeGreaterThan(20);
    expect(record.ledger).toMatchObject({ seen: record.ledger.expected, lost: 0 });
    expect(record.generator).toMatchObject({ failures: 0 });
    const { requests } = simulate(spec);
    expect(requests.delete).toBeGreaterThan(5);
    // A write that is due at the very end may start just after it.
    expect(Math.abs(record.requests.delete - requests.delete)).toBeLessThanOrEqual(1);
    expect(Math.abs(record.requests.put - requests.put)).toBeLessThanOrEqual(1);
  });

  it('import contacts with photos in one go', async () => {
    const contacts = busy({ kind: 'addressbook', durationMs: 2000 }, 30_000);
    const spec: RunSpec = {
      ...contacts,
      collectionGroups: contacts.collectionGroups.map((group) => ({
        ...group,
        perUser: 1,
        objects: 0,
        writes: { edit: 0, create: 1, delete: 0, move: 0 },
        changes: { kind: 'trace', atMs: [Array.from({ length: 40 }, (_, place) => 300 + place)] },
      })),
    };
    const record = await live(spec);
    const simulated = simulate(spec);
    expect(record.ledger).toMatchObject({ changes: 40, lost: 0 });
    expect(record.stateCheck.different).toBe(0);
    expect(record.requests.put).toBe(simulated.requests.put);
    const uploaded = ({ bytes }: typeof record): number =>
      bytes.find(({ cause }) => cause === 'write')?.up ?? 0;
    // The wire of this spec costs nothing, so what is simulated are the bodies alone.
    expect(uploaded(record)).toBeGreaterThan(uploaded(simulated));
    expect(uploaded(record)).toBeLessThan(1.05 * uploaded(simulated));
  });
});
