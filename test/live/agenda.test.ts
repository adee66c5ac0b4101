import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agenda } from '../../src/live/agenda.ts';

describe('agenda', () => {
  beforeEach(
    () =>
      void vi.useFakeTimers({
        toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date'],
      }),
  );
  afterEach(() => void vi.useRealTimers());

  it('runs everything once, in order of time and never early', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 200 }), (instants) => {
        const startedAt = Date.now();
        const agenda = new Agenda(() => Date.now() - startedAt);
        const ran: number[] = [];
        for (const atMs of instants) {
          agenda.at(atMs, () => {
            expect(Date.now() - startedAt).toBeGreaterThanOrEqual(atMs);
            ran.push(atMs);
          });
        }
        vi.advanceTimersByTime(5002);
        expect(ran).toEqual([...instants].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('runs what an action adds, and nothing once it has ended, asked for or not', () => {
    const startedAt = Date.now();
    const agenda = new Agenda(() => Date.now() - startedAt);
    const ran: string[] = [];
    agenda.at(10, () => {
      ran.push('first');
      agenda.at(5, () => ran.push('overdue'));
      agenda.at(20, () => ran.push('later'));
    });
    agenda.at(30, () => ran.push('never'));
    vi.advanceTimersByTime(25);
    agenda.end();
    agenda.at(40, () => ran.push('asked for afterwards'));
    vi.advanceTimersByTime(100);
    expect(ran).toEqual(['first', 'overdue', 'later']);
  });
});
