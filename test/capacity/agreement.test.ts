import { expect, it } from 'vitest';
import { simulate, type RunRecord } from '../../sim/index.ts';
import { compare } from '../../src/capacity/agreement.ts';
import { specOf } from '../live/spec.ts';

const record = simulate(specOf({ durationMs: 60_000 }));
const withRequests = (requests: number, busyMs = record.server.busyMs): RunRecord => ({
  ...record,
  server: { ...record.server, requests, busyMs },
});
const verdictOf = (live: RunRecord, figure: string) =>
  compare('point', [live], [record]).find((row) => row.figure === figure);

it('agrees with itself in every figure that it has', () => {
  const rows = compare('point', [record], [record]);
  // A simulated server has a processor to itself.
  expect(rows.filter(({ live }) => Number.isNaN(live)).map(({ figure }) => figure)).toEqual([
    'wait for a processor',
  ]);
  for (const { gap, live, verdict } of rows) {
    if (!Number.isNaN(live)) expect(gap).toBe(0);
    expect(verdict).not.toBe('differs');
  }
});

it('tells a gap beyond its bound, and by how much', () => {
  const { requests } = record.server;
  expect(verdictOf(withRequests(requests / 1.005), 'requests')?.verdict).toBe('agrees');
  const beyond = verdictOf(withRequests(requests / 1.02), 'requests');
  expect(beyond?.verdict).toBe('differs');
  expect(beyond?.gap).toBeCloseTo(0.02, 9);
});

it('tells how sure a gap is by how much it differs between runs', () => {
  const { requests } = record.server;
  const twice = compare(
    'point',
    [withRequests(requests / 1.01), withRequests(requests / 1.03)],
    [record, record],
  );
  const row = twice.find(({ figure }) => figure === 'requests');
  // 95 % of a t distribution with one degree of freedom: 12.706 standard errors, of 1 % here.
  expect(row?.gapHalfWidth).toBeCloseTo(0.12706, 4);
  expect(verdictOf(withRequests(requests), 'requests')?.gapHalfWidth).toBeNaN();
});

it('promises nothing of staleness when the server is nearly always busy', () => {
  const saturated = withRequests(record.server.requests, 0.9 * record.countedMs);
  expect(verdictOf(saturated, 'staleness p95')?.verdict).toBe('no bound');
  expect(verdictOf(saturated, 'requests')?.verdict).toBe('agrees');
});
