import type { CollectionGroup } from '../../sim/index.ts';

export interface ObjectIdentity {
  readonly collection: number;
  readonly object: number;
  /** Place of the change in the schedule; -1 for the state before the first. */
  readonly change: number;
  /** Which of the runs on the same objects, when there are several. */
  readonly run?: string;
}

/** What a collection holds: events, cards or tasks. */
export type ObjectKind = CollectionGroup['kind'];

const marker = 'X-DAVPULSE-CHANGE';
const componentOf = { calendar: 'VEVENT', tasks: 'VTODO' } as const;

/**
 * A valid iCalendar or vCard object of about `bytes` octets that carries the change it stands for. So what a
 * device holds is told by what it received, not by ETags that two parties would have to agree on.
 */
export function objectBody(kind: ObjectKind, identity: ObjectIdentity, bytes: number): string {
  const { collection, object, change, run } = identity;
  const mark = `${marker}:${change}${run === undefined ? '' : `@${run}`}`;
  const uid = `davpulse-${collection}-${object}`;
  const day = String(1 + (object % 28)).padStart(2, '0');
  const lines = (padding: readonly string[]): string[] =>
    kind === 'addressbook'
      ? [
          'BEGIN:VCARD',
          'VERSION:3.0',
          `UID:${uid}`,
          `FN:Person ${object}`,
          `N:Person ${object};;;;`,
          mark,
          ...padding,
          'END:VCARD',
        ]
      : [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//davpulse//EN',
          `BEGIN:${componentOf[kind]}`,
          `UID:${uid}`,
          'DTSTAMP:20260101T000000Z',
          `DTSTART:204001${day}T090000Z`,
          `${kind === 'tasks' ? 'DUE' : 'DTEND'}:204001${day}T100000Z`,
          `SEQUENCE:${change + 1}`,
          `SUMMARY:${kind === 'tasks' ? 'Task' : 'Event'} ${object}`,
          mark,
          ...padding,
          `END:${componentOf[kind]}`,
          'END:VCALENDAR',
        ];
  const bare = join(lines([]));
  return join(lines(paddingOf(kind, bytes - bare.length)));
}

/** The change that a body carries; undefined for one that was not written in this run. */
export function changeOf(body: string, run?: string): number | undefined {
  const at = body.indexOf(`${marker}:`);
  if (at < 0) return undefined;
  const [, change, of] = /^(-?\d+)(?:@([^\r\n]*))?/.exec(body.slice(at + marker.length + 1, at + 64)) ?? [];
  return change === undefined || of !== run ? undefined : Number(change);
}

const join = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

const lineLength = 73;
/** A card that is larger than this carries a photo: nothing else makes cards so large. */
const photoFrom = 4096;

function paddingOf(kind: ObjectKind, bytes: number): string[] {
  if (kind !== 'addressbook') return textOf('DESCRIPTION:', bytes);
  if (bytes < photoFrom) return textOf('NOTE:', bytes);
  // Base64 comes in fours; the rest is a note.
  const photo = fold(`PHOTO;ENCODING=b;TYPE=JPEG:${'x'.repeat(4 * Math.floor((0.9 * bytes) / 4))}`);
  return [...photo, ...textOf('NOTE:', bytes - octetsOf(photo))];
}

/** Lines of one property that add up to `bytes` octets. */
function textOf(name: string, bytes: number): string[] {
  if (bytes < name.length + 3) return [];
  let length = bytes - 2 - foldingOf(bytes);
  while (length + 1 + 2 + foldingOf(length + 1) <= bytes) length += 1;
  return fold(name + 'x'.repeat(length - name.length));
}

/** Folded at less than 75 octets (RFC 5545 section 3.1, RFC 6350 section 3.2). */
function fold(line: string): string[] {
  const lines = [line.slice(0, lineLength)];
  for (let at = lineLength; at < line.length; at += lineLength - 1) {
    lines.push(` ${line.slice(at, at + lineLength - 1)}`);
  }
  return lines;
}

/** What folding adds to a line of so many octets: a line break and a space each time. */
const foldingOf = (octets: number): number =>
  3 * Math.ceil(Math.max(0, octets - lineLength) / (lineLength - 1));

const octetsOf = (lines: readonly string[]): number => lines.reduce((sum, { length }) => sum + length + 2, 0);
