import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bits, EventQueue, streamKey } from '../../../sim/index.ts';

type Event = readonly [tick: number, entity: number, code: number];

const byOrder = (a: Event, b: Event) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

const drain = (queue: EventQueue): Event[] => {
  const taken: Event[] = [];
  while (queue.next()) taken.push([queue.tick, queue.entity, queue.code]);
  return taken;
};

const event = (span: number) =>
  fc.tuple(
    fc.integer({ min: 0, max: span }),
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 0, max: 3 }),
  );

describe('event queue', () => {
  for (const span of [5, 1e6, 1e9, 1e13]) {
    test.prop([fc.array(event(span), { maxLength: 300 })])(
      `takes events in order over a span of ${span} ticks`,
      (events) => {
        const queue = new EventQueue(16);
        for (const [tick, entity, code] of events) queue.push(tick, entity, code);
        expect(drain(queue)).toEqual(events.toSorted(byOrder));
      },
    );
  }

  test.prop([
    fc.array(event(1e9), { minLength: 1, maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 4e9 }), { maxLength: 400 }),
  ])('agrees with a sorted list while events are added during the run', (initial, delays) => {
    const queue = new EventQueue(16);
    const list: Event[] = [...initial];
    for (const [tick, entity, code] of initial) queue.push(tick, entity, code);
    for (const [index, delay] of delays.entries()) {
      list.sort(byOrder);
      const wanted = list.shift();
      expect(queue.next()).toBe(wanted !== undefined);
      if (wanted === undefined) return;
      expect([queue.tick, queue.entity, queue.code]).toEqual(wanted);
      const added: Event = [wanted[0] + delay, index % 100, index % 3];
      list.push(added);
      queue.push(...added);
    }
    expect(queue.size).toBe(list.length);
    expect(drain(queue)).toEqual(list.sort(byOrder));
  });

  it('keeps order through herds, long gaps and retuning', () => {
    const key = streamKey(1, 1);
    const queue = new EventQueue(5000);
    for (let entity = 4999; entity >= 0; entity -= 1) queue.push(60e6, entity, 0);
    let last: Event = [0, 0, 0];
    for (let taken = 0; taken < 300_000; taken += 1) {
      expect(queue.next()).toBe(true);
      const now: Event = [queue.tick, queue.entity, queue.code];
      if (byOrder(last, now) > 0) expect(now).toEqual(last);
      last = now;
      const delay =
        [60e6, 3600e6, 50_000, 86400e6, 60e6 + (bits(key, queue.entity, taken) % 1e6)][taken % 5] ?? 0;
      queue.push(queue.tick - (queue.tick % 1e6) + 1e6 + delay, queue.entity, taken % 7);
    }
    expect(queue.size).toBe(5000);
  });
});
