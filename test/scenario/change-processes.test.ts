import { describe, expect, it } from 'vitest';
import { changeProcess } from '../../src/scenario/change-schema.ts';

const hours = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 1 : 0));
const days = [1, 1, 1, 1, 1, 0, 0];

describe('a process of changes that has hours and days', () => {
  it.each([
    { kind: 'daily' },
    { kind: 'sessions', changes: 3, gap: '10 s' },
    { kind: 'bursts', size: 5, gap: '2 s' },
    { kind: 'clock', every: '15 min', late: '20 s' },
    { kind: 'invitations', attendees: 8, answer: '30 min', refresh: '5 s' },
    { kind: 'scheduling', attendees: 8, answer: '30 min' },
  ])('keeps them: $kind', (process) => {
    expect(changeProcess.parse({ perDay: 4, hours, days, ...process })).toMatchObject({ hours, days });
  });
});
