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

  test.prop([
    fc.array(
      fc.oneof(
        fc.record({ push: fc.oneof(...[0, 3, 1e6, 1e9, 1e13].map((max) => fc.integer({ min: 0, max }))) }),
        fc.constant('peek'),
        fc.constant('next'),
      ),
      { maxLength: 400 },
    ),
  ])('agrees with a sorted list through any pushes, looks ahead and takings', (steps) => {
    const queue = new EventQueue(0);
    const list: Event[] = [];
    let now = 0;
    for (const [index, step] of steps.entries()) {
      const head = list.toSorted(byOrder)[0];
      if (step === 'peek') {
        expect(queue.peek()).toBe(head !== undefined);
        if (head !== undefined) expect([queue.headTick, queue.headEntity]).toEqual(head.slice(0, 2));
      } else if (step === 'next') {
        expect(queue.next()).toBe(head !== undefined);
        if (head === undefined) continue;
        expect([queue.tick, queue.entity, queue.code]).toEqual(head);
        list.splice(list.indexOf(head), 1);
        now = head[0];
      } else {
        // An event looked at may lie far ahead of one added after the look.
        const added: Event = [now + step.push, (index * 7) % 5, index % 3];
        list.push(added);
        queue.push(...added);
      }
      expect(queue.size).toBe(list.length);
    }
    expect(drain(queue)).toEqual(list.toSorted(byOrder));
  });

  test.prop([
    fc.array(fc.tuple(fc.nat(3), fc.nat(2 ** 31 - 1), fc.nat(2 ** 31 - 1)), {
      minLength: 60,
      maxLength: 600,
    }),
  ])('sorts a herd by entity and code', (herd) => {
    const queue = new EventQueue(1000);
    const events = herd.map(([tick, entity, code]): Event => [60e6 + tick, entity >>> (code % 31), code]);
    for (const event of events) queue.push(...event);
    expect(drain(queue)).toEqual(events.toSorted(byOrder));
  });

  const second = 1e6;
  const shapes: readonly [name: string, pending: number, taken: number, delay: (random: number) => number][] =
    [
      ['a minute or so', 5000, 300_000, (random) => random % (120 * second)],
      ['hours', 5000, 300_000, (random) => (random % 40_000) * second],
      ['herds at full minutes', 5000, 100_000, () => 60 * second],
      ['delays within a bucket', 2000, 1_500_000, (random) => random % (2 * second)],
      ['more in a bucket than the cache holds', 600_000, 1_500_000, (random) => random % (10 * second)],
      ['few events', 3, 100_000, (random) => random % (120 * second)],
      [
        'all of these in turn',
        5000,
        500_000,
        (random) => random % ([2 * second, 120 * second, 4e9, 1000, 3600e6][(random >>> 8) % 5] ?? 1),
      ],
    ];
  it.each(shapes)('keeps order and every event: %s', (_name, pending, taken, delayOf) => {
    const key = streamKey(1, 1);
    const queue = new EventQueue(pending);
    let entered = 0;
    let left = 0;
    const enter = (tick: number, entity: number, code: number) => {
      queue.push(tick, entity, code);
      entered += (tick % 1009) + 3 * entity + 7 * code;
    };
    for (let entity = pending - 1; entity >= 0; entity -= 1) enter(delayOf(bits(key, entity, 0)), entity, 0);
    // Taken in order with none missing, each event was the first when it was taken.
    let misplaced = 0;
    let last: Event = [0, 0, 0];
    for (let index = 1; index <= taken + pending; index += 1) {
      if (!queue.next()) break;
      const now: Event = [queue.tick, queue.entity, queue.code];
      if (byOrder(last, now) > 0) misplaced += 1;
      last = now;
      left += (queue.tick % 1009) + 3 * queue.entity + 7 * queue.code;
      if (index <= taken)
        enter(queue.tick + 1 + delayOf(bits(key, queue.entity, index)), queue.entity, index % 7);
    }
    expect(misplaced).toBe(0);
    expect(queue.size).toBe(0);
    expect(left).toBe(entered);
  });
});
