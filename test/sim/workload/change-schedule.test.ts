import { describe, expect, it } from 'vitest';
import { changesOf, layoutFleet, meanChangesPerDay, type ChangeProcess } from '../../../sim/index.ts';
import { constant, plainCollections, plainSpec } from '../plain-spec.ts';

const hour = 3_600_000;
const day = 24 * hour;

const instants = (changes: ChangeProcess, days = 7, users = 200): number[] => {
  const spec = plainSpec({
    users,
    durationMs: days * day,
    collectionGroups: [plainCollections({ changes, writer: 'device' })],
  });
  return [...changesOf(spec, layoutFleet(spec)).atMs];
};

const working = Array.from({ length: 24 }, (_, at) => (at >= 8 && at < 16 ? 1 : 0));
const processes: readonly ChangeProcess[] = [
  { kind: 'poisson', perDay: 10 },
  { kind: 'daily', perDay: 10, hours: working, days: [1, 1, 1, 1, 1, 0, 0] },
  { kind: 'sessions', perDay: 3, changes: 4, gapMs: { kind: 'exponential', mean: 30_000 } },
  { kind: 'renewal', gapMs: { kind: 'lognormal', median: hour, p95: 6 * hour } },
  { kind: 'bursts', perDay: 0.5, size: constant(20), gapMs: constant(100) },
  { kind: 'clock', perDay: 8, everyMs: 900_000, lateMs: { kind: 'uniform', min: 0, max: 2000 } },
  {
    kind: 'invitations',
    perDay: 1,
    attendees: constant(6),
    answerMs: { kind: 'lognormal', median: 1_800_000, p95: 4 * hour },
    refreshMs: 5000,
  },
];

describe.each(processes)('changes of kind $kind', (process) => {
  it('come in order, within the run, at the mean rate', () => {
    const list = instants(process, 28);
    expect(list.every((atMs, place) => atMs >= (list[place - 1] ?? 0) && atMs < 28 * day)).toBe(true);
    expect(list.length / (28 * 200) / meanChangesPerDay(process)).toBeGreaterThan(0.95);
    expect(list.length / (28 * 200) / meanChangesPerDay(process)).toBeLessThan(1.05);
  });

  it('are the same again under the same seed', () => {
    expect(instants(process)).toEqual(instants(process));
  });
});

describe('changes', () => {
  it('keep to the hours and days of their profile', () => {
    const list = instants({ kind: 'daily', perDay: 10, hours: working, days: [1, 1, 1, 1, 1, 0, 0] });
    expect(list.every((atMs) => working[Math.floor(atMs / hour) % 24] === 1)).toBe(true);
    expect(list.every((atMs) => Math.floor(atMs / day) % 7 < 5)).toBe(true);
  });

  it('repeat a recording to the microsecond', () => {
    expect(instants({ kind: 'trace', atMs: [[5000.25, 1000], [70_000]] }, 1, 3)).toEqual([
      1000, 5000.25, 70_000,
    ]);
  });

  it('meet quarter hours', () => {
    const list = instants({ kind: 'clock', perDay: 8, everyMs: 900_000, lateMs: constant(0) });
    expect(list.every((atMs) => atMs % 900_000 === 0)).toBe(true);
  });
});
