import type { IncomingHttpHeaders } from 'node:http';
import { namedZone } from '../recurrence/zone.ts';

/** Whether a client knows the IANA time zones by itself (RFC 7809 section 4.1). */
export const wantsNoZones = (headers: IncomingHttpHeaders): boolean =>
  String(headers['caldav-timezones'] ?? '')
    .trim()
    .toUpperCase() === 'F';

const zoneBlock = /BEGIN:VTIMEZONE\r?\n.*?END:VTIMEZONE\r?\n/gs;

/** The text without the definitions of zones that everybody can look up by name; all else stays as it is. */
export function withoutKnownZones(text: string): string {
  return text.replaceAll(zoneBlock, (block) => {
    const name = /^TZID[^:\r\n]*:([^\r\n]*)/m.exec(block)?.[1]?.trim();
    return name !== undefined && namedZone(name) !== undefined ? '' : block;
  });
}
