import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { changeOf, objectBody } from '../../src/live/object-body.ts';

const identity = fc.record({
  collection: fc.nat(1e6),
  object: fc.nat(1e5),
  change: fc.integer({ min: -1, max: 1e7 }),
});

describe('bodies of objects', () => {
  it('carry their change, whatever their size', () => {
    fc.assert(
      fc.property(
        identity,
        fc.nat(5000),
        fc.constantFrom('calendar' as const, 'addressbook' as const, 'tasks' as const),
        (id, bytes, kind) => {
          const body = objectBody(kind, id, bytes);
          expect(changeOf(body)).toBe(id.change);
          expect(() => ICAL.parse(body)).not.toThrow();
          expect(body.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
        },
      ),
    );
  });

  it('have the size asked for, to within a line, unless the least is larger', () => {
    fc.assert(
      fc.property(identity, fc.integer({ min: 400, max: 20_000 }), (id, bytes) => {
        const size = Buffer.byteLength(objectBody('calendar', id, bytes));
        expect(Math.abs(size - bytes)).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('of large cards hold a photo that can be decoded', () => {
    fc.assert(
      fc.property(identity, fc.integer({ min: 5000, max: 200_000 }), (id, bytes) => {
        const card = objectBody('addressbook', id, bytes);
        expect(Math.abs(Buffer.byteLength(card) - bytes)).toBeLessThanOrEqual(20);
        const [, photo = ''] = /PHOTO;ENCODING=b;TYPE=JPEG:([^\r]*)/.exec(card.replaceAll('\r\n ', '')) ?? [];
        expect(photo.length).toBeGreaterThan(bytes / 2);
        expect(Buffer.from(photo, 'base64').toString('base64')).toBe(photo);
      }),
      { numRuns: 30 },
    );
  });

  it('tell nothing when somebody else wrote them', () => {
    expect(changeOf('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n')).toBeUndefined();
  });
});
