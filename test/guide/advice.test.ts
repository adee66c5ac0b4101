import { describe, expect, it } from 'vitest';
import { adviceMoves, adviceTable, candidateOf, dependence, firstWithin } from '../../src/guide/advice.ts';
import { liveBeside } from '../../src/guide/live-beside.ts';
import { pointsOf } from '../../src/guide/points.ts';
import { tornadoOf } from '../../src/guide/sensitivities.ts';
import type { PointSummary, ResultFile } from '../../src/results/index.ts';
import { fixtureResult, fixtureRun } from '../report/fixture.ts';

const minuteMs = 60_000;

/** A study that varies one input, which doubles the polls of each candidate interval. */
const result: ResultFile = {
  ...fixtureResult(),
  runs: [
    ['baseline', 1],
    ['rate: the same', 1],
    ['rate: double', 2],
  ].flatMap(([name, factor]) =>
    [5, 15, 60].map((minutes) =>
      fixtureRun(
        { label: `${name} · ${minutes} min`, intervalMs: (minutes * minuteMs) / Number(factor) },
        1,
        { scenario: dependence },
      ),
    ),
  ),
};

const thrifty = (candidates: readonly PointSummary[]): string =>
  candidateOf(firstWithin(candidates, 'energy', 3.2));

describe('advice', () => {
  it('is the first candidate that is near enough to the best', () => {
    const candidates = pointsOf(result, dependence).filter(({ label }) => label.startsWith('baseline'));
    // Energy goes with the number of polls, so 15 min take four times, 5 min twelve times that of an hour.
    expect(candidateOf(firstWithin(candidates, 'energy', 3.2))).toBe('15 min');
    expect(candidateOf(firstWithin(candidates, 'energy', 2.8))).toBe('60 min');
    expect(candidateOf(firstWithin(candidates, 'energy', 11.5))).toBe('5 min');
    expect(() => firstWithin([], 'energy', 1)).toThrow(RangeError);
  });

  it('tells which settings move it and which leave it', () => {
    expect(adviceMoves(result, thrifty)).toBe(
      'With every input as assumed the rule gives 15 min, and so it does in each of the 2 other settings tried.',
    );
    const shortest = (candidates: readonly PointSummary[]): string =>
      candidates[0]?.label.includes('double') === true ? '5 min' : '15 min';
    expect(adviceMoves(result, shortest)).toBe(
      'With every input as assumed the rule gives 15 min, and the same in 1 of 2 other settings tried; it becomes 5 min (rate: double).',
    );
  });

  it('stands beside the figures of one candidate at every setting', () => {
    const { columns, rows } = adviceTable(result, thrifty, {
      heading: 'Interval',
      candidate: '15 min',
      metrics: [{ id: 'staleness.p50', title: 'Staleness p50' }],
    });
    expect(columns).toEqual(['Input', 'Set to', 'Interval', 'Staleness p50 with 15 min']);
    expect(rows.map(([input, setting]) => `${input}/${setting}`)).toEqual([
      'as assumed/',
      'rate/the same',
      'rate/double',
    ]);
    expect(rows[0]?.[3]).toMatch(/^7\.\d+ min/);
    expect(rows[2]?.[3]).toMatch(/^3\.\d+ min/);
  });
});

describe('tornado of a chapter', () => {
  it('shows how far one candidate moves from its baseline', () => {
    const { drawing } = tornadoOf(result, 'energy', 'test', '15 min');
    const changes = new Map(drawing.rows.map((row) => [row['setting'], Number(row['change'])]));
    expect(changes.get('the same')).toBeCloseTo(0, 1);
    expect(changes.get('double')).toBeCloseTo(1, 1);
  });
});

describe('real traffic in the guide', () => {
  const policy = { label: '15 min', intervalMs: 15 * minuteMs };
  const both = [
    fixtureRun(policy, 1),
    fixtureRun(policy, 1, { backend: 'live' }),
    fixtureRun({ ...policy, label: '1 h' }, 1),
  ];

  it('stands beside its simulated twin, and the widest gap is told', () => {
    const live = liveBeside({ ...result, runs: both });
    expect(live?.table.rows.map(([label]) => label)).toEqual(live?.table.rows.map(() => '15 min'));
    expect(live?.table.rows.length).toBeGreaterThan(3);
    expect(live?.says).toContain('One run of 1000 devices over real HTTP');
    expect(live?.says).toMatch(/furthest off in .*“15 min”: −[23]\.\d %/);
  });

  it('is never mixed into what was simulated', () => {
    const runs = pointsOf({ ...result, runs: both }, 'first look').flatMap((point) => point.runs);
    expect(runs.map(({ backend }) => backend)).toEqual(['sim', 'sim']);
  });

  it('is not claimed where there was none', () => {
    expect(liveBeside(result)).toBeUndefined();
  });
});
