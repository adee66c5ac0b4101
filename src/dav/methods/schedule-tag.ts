import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../http/refusal.ts';
import type { Node } from '../store/node.ts';

/** `If-Schedule-Tag-Match` (RFC 6638 section 8.3). @throws Refusal 412 */
export function checkScheduleTag(headers: IncomingHttpHeaders, node: Node | undefined): void {
  const wanted = headers['if-schedule-tag-match'];
  if (wanted === undefined) return;
  if (node === undefined || node.scheduleTag !== String(wanted).trim()) {
    throw new Refusal(412, 'the schedule tag is another');
  }
}
