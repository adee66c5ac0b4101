import { describe, expect, it } from 'vitest';
import { checkThresholds, parseThreshold } from '../../src/results/index.ts';
import { fixtureResult } from '../report/fixture.ts';

describe('thresholds', () => {
  it.each([
    ['staleness.high.p95 < 10s', 'staleness.high.p95', 10_000],
    ['staleness.p50 <= 1.5 min', 'staleness.p50', 90_000],
    ['energy.phone < 1%/day', 'battery.phone', 1],
    ['energy < 1.2 kJ/day', 'energy', 1200],
    ['fresh > 99 %', 'fresh', 0.99],
    ['losses <= 0', 'losses', 0],
    ['server.peak < 50/s', 'server.peak', 50],
    ['bytes.down<2MB', 'bytes.down', 2e6],
  ])('reads %s', (text, id, limit) => {
    const threshold = parseThreshold(text);
    expect([threshold.metric.id, threshold.limit]).toEqual([id, limit]);
  });

  it.each([
    ['stale < 3 s', /names no metric; there are staleness\.p50/],
    ['staleness.p50 < 3 kB', /takes ms, s, min, h, d/],
    ['staleness.p50 = 3 s', /not of the form/],
    ['staleness.p50 < -3 s', /not of the form/],
  ])('refuses %s', (text, message) => {
    expect(() => parseThreshold(text)).toThrow(message);
  });

  it('holds them against every point', () => {
    const outcomes = checkThresholds(fixtureResult().runs, [parseThreshold('staleness.p50 < 10 s')]);
    expect(outcomes).toHaveLength(12);
    const broken = outcomes.filter(({ held }) => !held).map(({ point }) => point.label);
    expect(broken).toContain('poll 1 min');
    expect(broken).toContain('push, 30 s window');
    expect(broken).not.toContain('push, 3 s window');
  });
});
