import type { CollectionKind } from '../client/index.ts';

export interface ObjectIdentity {
  readonly collection: number;
  readonly object: number;
  /** Place of the change in the schedule; -1 for the state before the first. */
  readonly change: number;
  /** Which of the runs on the same objects, when there are several. */
  readonly run?: string;
}

const marker = 'X-DAVPULSE-CHANGE';

/**
 * A valid iCalendar or vCard object of about `bytes` octets that carries the change it stands for. So what a
 * device holds is told by what it received, not by ETags that two parties would have to agree on.
 */
export function objectBody(kind: CollectionKind, identity: ObjectIdentity, bytes: number): string {
  const { collection, object, change, run } = identity;
  const mark = `${marker}:${change}${run === undefined ? '' : `@${run}`}`;
  const uid = `davpulse-${collection}-${object}`;
  const day = String(1 + (object % 28)).padStart(2, '0');
  const lines = (padding: readonly string[]): string[] =>
    kind === 'calendar'
      ? [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//davpulse//EN',
          'BEGIN:VEVENT',
          `UID:${uid}`,
          'DTSTAMP:20260101T000000Z',
          `DTSTART:204001${day}T090000Z`,
          `DTEND:204001${day}T100000Z`,
          `SEQUENCE:${change + 1}`,
          `SUMMARY:Event ${object}`,
          mark,
          ...padding,
          'END:VEVENT',
          'END:VCALENDAR',
        ]
      : [
          'BEGIN:VCARD',
          'VERSION:3.0',
          `UID:${uid}`,
          `FN:Person ${object}`,
          `N:Person ${object};;;;`,
          mark,
          ...padding,
          'END:VCARD',
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

/** Lines that add up to `bytes` octets, folded at less than 75 (RFC 5545 section 3.1, RFC 6350 section 3.2). */
function paddingOf(kind: CollectionKind, bytes: number): string[] {
  const name = kind === 'calendar' ? 'DESCRIPTION:' : 'NOTE:';
  if (bytes < name.length + 3) return [];
  const text = name + 'x'.repeat(bytes);
  const lines = [text.slice(0, lineLength)];
  let left = bytes - Math.min(lineLength, bytes - 2) - 2;
  if (left <= 0) return [text.slice(0, bytes - 2)];
  while (left > 3) {
    const length = Math.min(lineLength - 1, left - 3);
    lines.push(` ${'x'.repeat(length)}`);
    left -= length + 3;
  }
  return lines;
}
