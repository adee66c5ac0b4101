import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { DueQueue } from '../../src/push/dispatch/due-queue.ts';
import { Outbox } from '../../src/push/dispatch/outbox.ts';
import type { LoggedChange, Registration } from '../../src/push/store/records.ts';
import { createPushPolicy, importances } from '../../sim/index.ts';

const windowMs = 100;
const registration: Registration = {
  id: 1,
  subscription: { id: 1, user: 'ann', transport: 'web-push', address: 'x', details: '' },
  resource: 1,
  content: '1',
  property: '0',
  propertyFilter: [],
  expiresAt: Infinity,
  sentSeq: 0,
  lastSentAt: -Infinity,
  memory: 0,
};

const changes = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 0, max: 80 }),
      kind: fc.constantFrom('content', 'property'),
      importance: fc.constantFrom(...importances),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ gapMs, ...rest }, place): LoggedChange => {
      at += gapMs;
      return {
        seq: place + 1,
        resource: 1,
        at,
        above: [],
        properties: [],
        suppressed: [],
        removed: false,
        ...rest,
      };
    });
  });

describe('outbox', () => {
  it.prop([changes])('merges as the window says, and keeps the meaning of all', (log) => {
    const policy = createPushPolicy({ kind: 'window', windowMs, ttlSeconds: 60, topic: 1 });
    const outbox = new Outbox(policy);
    const groups: LoggedChange[][] = [];
    const drain = (now: number): void => {
      for (let message = outbox.takeDue(now); message !== undefined; message = outbox.takeDue(now)) {
        outbox.remove(message);
        const group = groups.shift() ?? [];
        expect(message.fromSeq).toBe(group[0]?.seq);
        expect(message.toSeq).toBe(group.at(-1)?.seq);
        expect(message.dueAt).toBe((group[0]?.at ?? 0) + windowMs);
        expect(message.content).toBe(group.some(({ kind }) => kind === 'content'));
        expect(message.property).toBe(group.some(({ kind }) => kind === 'property'));
        const highest = importances.find((importance) => group.some((one) => one.importance === importance));
        expect(message.importance).toBe(highest);
      }
    };
    for (const change of log) {
      drain(change.at);
      const group = groups.at(-1);
      if (group?.[0] !== undefined && change.at < group[0].at + windowMs) group.push(change);
      else groups.push([change]);
      outbox.addChange(change, registration, 0, 0);
    }
    drain(Infinity);
    expect(groups).toEqual([]);
    expect(outbox.size).toBe(0);
  });

  it.prop([fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 }), fc.nat()])(
    'gives items back in the order of their times, also after they were moved',
    (times, salt) => {
      const queue = new DueQueue<{ dueAt: number }>();
      const items = times.map((dueAt) => ({ dueAt }));
      for (const item of items) queue.add(item);
      for (const [place, item] of items.entries()) {
        if ((place * 31 + salt) % 3 !== 0) continue;
        item.dueAt = (item.dueAt * 7 + salt) % 1000;
        queue.add(item);
      }
      const taken: number[] = [];
      const seen = new Set<object>();
      for (let item = queue.take(Infinity); item !== undefined; item = queue.take(Infinity)) {
        // An item moved back to where it was is met twice; its owner tells by its state.
        if (!seen.has(item)) taken.push(item.dueAt);
        seen.add(item);
      }
      expect(taken).toEqual(items.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b));
    },
  );
});
