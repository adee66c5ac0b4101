import { describe, expect, it } from 'vitest';
import {
  compareBackends,
  metricById,
  metrics,
  runsToCsv,
  summarize,
  toCsv,
  valueOf,
} from '../../src/results/index.ts';
import { fixturePolicies, fixtureResult, fixtureRun } from '../report/fixture.ts';

const [policy = { label: '', intervalMs: 1 }] = fixturePolicies;
const run = fixtureRun(policy, 1);
const at = (id: string, record = run) => metricById(id).of(record);

describe('metrics', () => {
  it('are told apart by their ids', () => {
    expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length);
  });

  it('count per device and day: half the counted time doubles the figure', () => {
    const short = { ...run, countedMs: run.countedMs / 2 };
    for (const id of [
      'requests',
      'bytes.up',
      'wake-ups',
      'energy',
      'battery',
      'server.mean',
      'energy.phone',
    ]) {
      expect(at(id, short) / at(id)).toBeCloseTo(2, 12);
    }
  });

  it('leave the idle floor out of the energy of syncing', () => {
    const [group] = run.groups;
    const { promotion = 0, active = 0, tail = 0 } = group?.energyJ ?? {};
    expect(at('energy') * run.devices).toBeCloseTo(promotion + active + tail, 6);
    expect(at('battery')).toBeCloseTo((100 * at('energy')) / 55_400, 12);
  });

  it('measure a server in the seconds of the run, whatever the time scale', () => {
    expect(at('server.mean', { ...run, timeScale: 60 }) / at('server.mean')).toBeCloseTo(1, 9);
  });

  it('are not numbers where they do not apply', () => {
    expect(at('battery.desktop')).toBeNaN();
    const powered = {
      ...run,
      spec: { ...run.spec, deviceGroups: run.spec.deviceGroups.map(({ batteryJ: _, ...group }) => group) },
    };
    expect(at('battery', powered)).toBeNaN();
  });
});

describe('summaries', () => {
  const result = fixtureResult();
  const points = summarize(result.runs);

  it('have one point for each scenario, label and backend, over its seeds', () => {
    expect(points).toHaveLength(12);
    expect(
      points.filter(({ scenario }) => scenario === 'first look').every(({ runs }) => runs.length === 3),
    ).toBe(true);
    const [first] = points;
    const requests = first === undefined ? undefined : valueOf(first, { id: 'requests' });
    expect(requests?.n).toBe(3);
    expect(requests?.halfWidth).toBeGreaterThan(0);
  });

  it('set live beside simulated', () => {
    const gaps = compareBackends(result.runs);
    expect(new Set(gaps.map(({ label }) => label))).toEqual(new Set(['poll 15 min', 'push, 3 s window']));
    for (const { gap, live, sim } of gaps) expect((1 + gap) * live.mean).toBeCloseTo(sim.mean, 9);
    const requests = gaps.find(({ metric }) => metric.id === 'requests.total');
    expect(requests?.gap).toBeLessThan(-0.01);
  });
});

describe('CSV', () => {
  it('quotes what needs it and leaves a hole where there is no number', () => {
    expect(toCsv(['a', 'b'], [['x, "y"', NaN]])).toBe('a,b\r\n"x, ""y""",\r\n');
  });

  it('has a line for each run and a column for each metric', () => {
    const lines = runsToCsv([run]).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('staleness.p50 [ms]');
    expect(lines[1]).toContain('poll 1 min,sim,1');
  });
});
