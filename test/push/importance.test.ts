import { describe, expect, it } from 'vitest';
import { changeFacts, importanceOf } from '../../src/push/index.ts';

const now = Date.UTC(2026, 5, 1, 12);
const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
const hour = 3_600_000;

interface Shape {
  readonly start: number;
  readonly alarm?: string;
  readonly rule?: string;
  readonly status?: string;
  readonly title?: string;
}

const event = ({ start, alarm, rule, status = 'NEEDS-ACTION', title = 'x' }: Shape): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    'UID:1',
    `DTSTAMP:${stamp(now + (Math.round(start) % 1000))}`,
    `DTSTART:${stamp(now + start)}`,
    ...(rule === undefined ? [] : [`RRULE:${rule}`]),
    `SUMMARY:${title}`,
    'ORGANIZER:mailto:a@example.com',
    `ATTENDEE;PARTSTAT=${status}:mailto:b@example.com`,
    ...(alarm === undefined
      ? []
      : ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${alarm}`, 'DESCRIPTION:x', 'END:VALARM']),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

const judge = (before: string | undefined, after: string | undefined, slowCollection = false) =>
  importanceOf(changeFacts({ before, after, now, slowCollection }));

describe('importance of a change', () => {
  it.each([
    ['an event in two hours', undefined, event({ start: 2 * hour }), 'high'],
    ['an event tomorrow', undefined, event({ start: 26 * hour }), 'normal'],
    ['an event of yesterday', undefined, event({ start: -26 * hour }), 'normal'],
    ['tomorrow, moved from two hours ahead', event({ start: 2 * hour }), event({ start: 26 * hour }), 'high'],
    ['cancelled, was in two hours', event({ start: 2 * hour }), undefined, 'high'],
    ['an alarm ten minutes from now', undefined, event({ start: 26 * hour, alarm: '-PT1550M' }), 'high'],
    ['daily, last month', undefined, event({ start: -30 * 24 * hour + hour, rule: 'FREQ=DAILY' }), 'high'],
    ['only a reply', event({ start: 2 * hour }), event({ start: 2 * hour, status: 'ACCEPTED' }), 'low'],
    [
      'a reply and a new title',
      event({ start: 2 * hour }),
      event({ start: 2 * hour, status: 'ACCEPTED', title: 'y' }),
      'high',
    ],
    ['a contact', undefined, 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nEND:VCARD\r\n', 'normal'],
    ['something unreadable', undefined, 'BEGIN:VCALENDAR\r\nnonsense', 'normal'],
  ] as const)('%s', (_name, before, after, expected) => {
    expect(judge(before, after)).toBe(expected);
  });

  it('is low in a slow collection whatever is in it', () => {
    expect(judge(undefined, event({ start: hour }), true)).toBe('low');
  });

  it('follows other rules when given', () => {
    const facts = changeFacts({ before: undefined, after: event({ start: 26 * hour }), now });
    expect(importanceOf(facts, [{ importance: 'high', startsWithinMs: 48 * hour }])).toBe('high');
    expect(importanceOf(facts, [])).toBe('normal');
  });
});
