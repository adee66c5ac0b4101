import { describe, expect, it } from 'vitest';
import { mergeHistograms, simulate, type RunRecord } from '../../sim/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const hour = 3_600_000;

describe('a fleet whose phones save what is left of their charge', () => {
  const points = loadStudy('scenarios/features/battery-saver.yaml', { seeds: [1] }).runs.map(({ spec }) => {
    const [group] = spec.deviceGroups;
    return {
      pushed: group?.syncPolicy.kind === 'hybrid',
      share: group?.os?.batterySaver?.share,
      lifeMs: group?.usage?.batteryLifeMs,
      record: simulate(spec),
    };
  });
  const at = (pushed: boolean, share: number, lifeMs: number): RunRecord => {
    const found = points.find(
      (point) => point.pushed === pushed && point.share === share && point.lifeMs === lifeMs,
    );
    if (found === undefined) throw new RangeError('no such point');
    return found.record;
  };
  const longest = ({ staleness }: RunRecord, importance: 'high' | 'normal') =>
    mergeHistograms([staleness[importance]]).max;

  it('is stale for hours where charges last until the evening, and not where they last for longer', () => {
    for (const pushed of [true, false]) {
      expect(longest(at(pushed, 1, 16 * hour), 'normal')).toBeGreaterThan(2 * hour);
      expect(longest(at(pushed, 0, 16 * hour), 'normal')).toBeLessThan(0.5 * hour);
      expect(longest(at(pushed, 1, 30 * hour), 'normal')).toBeLessThan(0.5 * hour);
    }
  });

  it('still hears of what is urgent when it is pushed', () => {
    expect(longest(at(true, 1, 16 * hour), 'high')).toBeLessThan(60_000);
    expect(longest(at(false, 1, 16 * hour), 'high')).toBeGreaterThan(hour);
  });

  it('makes fewer contacts the more of its devices save', () => {
    const contacts = [0, 0.5, 1].map((share) => at(false, share, 16 * hour).groups[0]?.contacts ?? NaN);
    expect(contacts).toEqual(contacts.toSorted((a, b) => b - a));
    expect(contacts[2]).toBeLessThan((contacts[0] ?? 0) * 0.95);
  });
});
