import { describe, expect, it } from 'vitest';
import { changesOf, layoutFleet, histogramQuantile, type RunSpec } from '../../sim/index.ts';
import { CountedTime } from '../../src/live/counted-time.ts';
import { LiveLedger } from '../../src/live/ledger.ts';
import { specOf } from './spec.ts';

/** Two users with a device each, who share one calendar with one object; four changes by fixed writers. */
function scene(counted: Pick<RunSpec, 'warmUpMs' | 'durationMs'> = { warmUpMs: 0, durationMs: 1000 }) {
  const spec = specOf({ users: 2, members: 2, objects: 1, devicesPerUser: 1 });
  const layout = layoutFleet(spec);
  const schedule = {
    ...changesOf({ ...spec, durationMs: 1 }, layout),
    count: 4,
    atMs: new Float64Array([0, 100, 200, 300]),
    collection: new Int32Array(4),
    writer: Int32Array.from([0, 0, 1, -1]),
    importance: Uint8Array.from([1, 1, 1, 1]),
    bytes: new Uint32Array(4),
    object: new Int32Array(4),
  };
  return new LiveLedger(layout, schedule, new CountedTime(counted));
}

describe('the live ledger', () => {
  it('counts every change but the own as one to be seen, and a newer version as all before it', () => {
    const ledger = scene();
    ledger.committed(0, 10);
    ledger.committed(1, 110);
    expect(ledger.totals()).toMatchObject({ changes: 2, expected: 2, seen: 0, lost: 2 });
    expect(ledger.seen(1, 1, 150)).toBe(2);
    expect(ledger.seen(1, 0, 160)).toBe(0);
    expect(ledger.totals()).toMatchObject({ seen: 2, lost: 0 });
    const { normal } = ledger.staleness();
    expect([normal.min, normal.max]).toEqual([40, 140]);
    expect(ledger.complete).toBe(true);
  });

  it('keeps a version that a device held before the writer had its answer, with no staleness', () => {
    const ledger = scene();
    expect(ledger.seen(1, 0, 5)).toBe(0);
    ledger.committed(0, 10);
    expect(ledger.totals()).toMatchObject({ expected: 1, seen: 1 });
    expect(histogramQuantile(ledger.staleness().normal, 1)).toBe(0);
    expect(ledger.complete).toBe(true);
  });

  it('does not take the own write for news, but what the own write replaced', () => {
    const ledger = scene();
    ledger.committed(0, 10);
    ledger.committed(2, 210);
    // Device 1 wrote over change 0 without having seen it, and is told so by its next report.
    expect(ledger.seen(1, 2, 250)).toBe(1);
    expect(ledger.totals()).toMatchObject({ expected: 2, seen: 1 });
  });

  it('takes changes that arise at the server as news for everybody', () => {
    const ledger = scene();
    ledger.committed(3, 310);
    expect(ledger.totals().expected).toBe(2);
  });

  it('counts only the counted time, and late ones as late', () => {
    const ledger = scene({ warmUpMs: 100, durationMs: 100 });
    ledger.committed(0, 50);
    ledger.committed(1, 150);
    ledger.seen(1, 1, 400);
    expect(ledger.totals()).toEqual({ changes: 1, expected: 1, seen: 1, seenLate: 1, lost: 0 });
    // Stale for the whole counted time on one of two devices.
    expect(ledger.freshShare()).toBeCloseTo(0.5, 9);
  });

  it('integrates freshness over the time that something was unseen', () => {
    const ledger = scene();
    ledger.committed(0, 100);
    ledger.committed(1, 200);
    ledger.seen(1, 1, 350);
    expect(ledger.freshShare()).toBeCloseTo(1 - 250 / 2000, 9);
  });
});
