import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { importanceOf, type ChangeFacts } from '../../src/push/index.ts';

const hourMs = 3_600_000;
const plain: ChangeFacts = {
  startsInMs: undefined,
  alarmInMs: undefined,
  attendeeStatusOnly: false,
  slowCollection: false,
};

describe('importance of a change', () => {
  it.each([
    ['nothing known', {}, 'normal'],
    ['starts in two hours', { startsInMs: 2 * hourMs }, 'high'],
    ['starts tomorrow', { startsInMs: 26 * hourMs }, 'normal'],
    ['alarm in ten minutes', { startsInMs: 26 * hourMs, alarmInMs: hourMs / 6 }, 'high'],
    ['alarm in an hour', { startsInMs: 26 * hourMs, alarmInMs: hourMs }, 'normal'],
    ['only a reply', { startsInMs: 2 * hourMs, attendeeStatusOnly: true }, 'low'],
    ['a reply shortly before its alarm', { alarmInMs: 60_000, attendeeStatusOnly: true }, 'high'],
    ['a slow collection', { startsInMs: hourMs, alarmInMs: 60_000, slowCollection: true }, 'low'],
  ] as const)('%s', (_name, facts, expected) => {
    expect(importanceOf({ ...plain, ...facts })).toBe(expected);
  });

  it('follows other rules when given', () => {
    const facts = { ...plain, startsInMs: 26 * hourMs };
    expect(importanceOf(facts, [{ importance: 'high', startsWithinMs: 48 * hourMs }])).toBe('high');
    expect(importanceOf({ ...plain, startsInMs: hourMs }, [])).toBe('normal');
  });

  property.prop([fc.nat({ max: 4 * hourMs }), fc.nat({ max: 4 * hourMs })])(
    'never falls as the start comes nearer',
    (one, other) => {
      const order = ['low', 'normal', 'high'];
      const place = (startsInMs: number) => order.indexOf(importanceOf({ ...plain, startsInMs }));
      expect(place(Math.min(one, other))).toBeGreaterThanOrEqual(place(Math.max(one, other)));
    },
  );
});
