import { isUtf8 } from 'node:buffer';
import ICAL from 'ical.js';
import { escapeXml, ns } from '../../xml/index.ts';
import { xmlDeclaration, xmlType, type Answer } from '../http/answer.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { busyLines } from '../objects/busy-time.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { declarations } from '../properties/element-name.ts';
import { utcText } from '../query/time-range.ts';
import { propertyMoment } from '../recurrence/moment.ts';
import { utcZone } from '../recurrence/zone.ts';
import { happenings, type Range } from '../recurrence/instances.ts';
import { requireAccess } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { userOf } from './address.ts';
import { busyTimesOf } from './busy-times.ts';
import { addressIn, attendeesOf } from './participants.ts';

const refuse = (name: string, message: string): Refusal =>
  new Refusal(name === 'valid-scheduling-message' ? 400 : 403, message, { ns: ns.caldav, name });

/** The VFREEBUSY of a request and the object it is in. @throws Refusal 403 with what RFC 6638 section 5 asks for */
function readRequest({ headers, body }: Exchange, { content }: Resource) {
  if (content.kind !== 'outbox') throw refuse('supported-collection', 'scheduling messages go to an outbox');
  if (!/^text\/calendar\b/i.test(headers['content-type'] ?? 'text/calendar'))
    throw refuse('supported-calendar-data', 'not text/calendar');
  const calendar = isUtf8(body) ? parseCalendar(body.toString('utf8')) : undefined;
  if (calendar === undefined) throw refuse('valid-calendar-data', 'not an iCalendar object');
  const requests = happenings(calendar);
  const [request] = requests;
  const method = String(calendar.getFirstPropertyValue('method') ?? '').toUpperCase();
  if (requests.length !== 1 || request?.name !== 'vfreebusy' || method !== 'REQUEST') {
    throw refuse('valid-scheduling-message', 'only free-busy requests are taken, one at a time');
  }
  return { calendar, request };
}

/** Answers a free-busy request POSTed to an outbox (RFC 6638 section 5). */
export function postToOutbox(context: DavContext, exchange: Exchange, outbox: Resource): Answer {
  requireAccess(outbox, 'all');
  const { calendar, request } = readRequest(exchange, outbox);
  const organizer = request.getFirstProperty('organizer');
  if (userOf(context, addressIn(organizer)) !== exchange.user)
    throw refuse('valid-organizer', 'the organiser must be the user');
  const start = propertyMoment(request, 'dtstart', calendar, utcZone);
  const end = propertyMoment(request, 'dtend', calendar, utcZone);
  if (start === undefined || end === undefined || end.utcMs <= start.utcMs) {
    throw refuse('valid-scheduling-message', 'a free-busy request needs a start and an end');
  }
  const attendees = attendeesOf(request);
  if (attendees.length === 0) throw refuse('valid-scheduling-message', 'a free-busy request names attendees');
  if (attendees.length > context.limits.maxAttendees) {
    throw refuse('max-attendees-per-instance', `more than ${context.limits.maxAttendees} attendees`);
  }
  const range = { fromMs: start.utcMs, toMs: end.utcMs };
  const uid = String(request.getFirstPropertyValue('uid') ?? '');
  const responses = attendees.map((attendee) =>
    respond(context, exchange, { attendee, organizer, uid, range }),
  );
  return {
    status: 200,
    headers: { 'content-type': xmlType },
    body: `${xmlDeclaration}<C:schedule-response ${declarations}>${responses.join('')}</C:schedule-response>`,
  };
}

interface Question {
  readonly attendee: ICAL.Property;
  readonly organizer: ICAL.Property | null;
  readonly uid: string;
  readonly range: Range;
}

function respond(context: DavContext, exchange: Exchange, question: Question): string {
  const { attendee, organizer, uid, range } = question;
  const address = addressIn(attendee);
  const user = userOf(context, address);
  const recipient = `<C:recipient><D:href>${escapeXml(address)}</D:href></C:recipient>`;
  if (user === undefined) {
    return `<C:response>${recipient}<C:request-status>3.7;Invalid calendar user</C:request-status></C:response>`;
  }
  const body = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//davpulse//EN',
    'METHOD:REPLY',
    'BEGIN:VFREEBUSY',
    `UID:${uid}`,
    `DTSTAMP:${utcText(context.now())}`,
    `DTSTART:${utcText(range.fromMs)}`,
    `DTEND:${utcText(range.toMs)}`,
    ...[organizer, attendee].map((participant) => ICAL.helpers.foldline(participant?.toICALString() ?? '')),
    ...busyLines(busyTimesOf(context, exchange, user, range)),
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  return (
    `<C:response>${recipient}<C:request-status>2.0;Success</C:request-status>` +
    `<C:calendar-data>${escapeXml(body)}</C:calendar-data></C:response>`
  );
}
