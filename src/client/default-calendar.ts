import { escapeXml, ns } from '../xml/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type MultistatusResponse } from './multistatus.ts';
import { exchange, xmlHeaders, type Session } from './session.ts';

const namespaces = `xmlns:D="DAV:" xmlns:C="${ns.caldav}"`;

/** How invitations reach a user. */
export interface Scheduling {
  /** By which others invite (RFC 6638 section 2.4.1). */
  readonly address: string;
  readonly inbox: string;
}

/** Reads how a principal takes part in scheduling; undefined when the server has none. @throws DavpulseError when the server refuses or fails */
export async function readScheduling(session: Session, principal: string): Promise<Scheduling | undefined> {
  const body = `<?xml version="1.0" encoding="utf-8"?><D:propfind ${namespaces}><D:prop><C:calendar-user-address-set/><C:schedule-inbox-URL/></D:prop></D:propfind>`;
  const request = { method: 'PROPFIND', path: principal, headers: xmlHeaders('0'), body };
  const answer = expectStatus(request, await exchange(session, 'discovery', request), 207);
  const [response] = parseMultistatus(answer.body, `PROPFIND ${principal}`).responses;
  const addresses = hrefsIn(response, 'calendar-user-address-set');
  const address = addresses.find((href) => href.startsWith('mailto:'));
  const [inbox] = hrefsIn(response, 'schedule-inbox-URL');
  return address === undefined || inbox === undefined ? undefined : { address, inbox };
}

const hrefsIn = (response: MultistatusResponse | undefined, name: string): string[] =>
  (response && foundProperty(response, ns.caldav, name)?.children)?.flatMap(
    ({ text }) => text.trim() || [],
  ) ?? [];

/** Makes a calendar the one that invitations of its owner go to (RFC 6638 section 9.2). @throws DavpulseError when the server refuses or fails */
export async function setDefaultCalendar(session: Session, inbox: string, calendar: string): Promise<void> {
  const value = `<C:schedule-default-calendar-URL><D:href>${escapeXml(calendar)}</D:href></C:schedule-default-calendar-URL>`;
  const body = `<?xml version="1.0" encoding="utf-8"?><D:propertyupdate ${namespaces}><D:set><D:prop>${value}</D:prop></D:set></D:propertyupdate>`;
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  const request = { method: 'PROPPATCH', path: inbox, headers, body };
  const answer = expectStatus(request, await exchange(session, 'discovery', request), 207);
  const [response] = parseMultistatus(answer.body, `PROPPATCH ${inbox}`).responses;
  if (response && foundProperty(response, ns.caldav, 'schedule-default-calendar-URL') !== undefined) return;
  throw new DavpulseError('DAVPULSE_SERVER_FAILED', `the server does not take ${calendar} for invitations`);
}
