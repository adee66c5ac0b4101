import { ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type MultistatusResponse } from './multistatus.ts';
import type { Replica } from './replica.ts';
import { exchange, exchangeAsIs, xmlHeaders, type Session } from './session.ts';

const body =
  '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:CS="http://calendarserver.org/ns/"><D:prop><D:sync-token/><CS:getctag/></D:prop></D:propfind>';

/** The sync token, or the CTag of a server that has none: both change with every change in the collection. */
const tokenIn = (response: MultistatusResponse): string | undefined =>
  (
    foundProperty(response, ns.dav, 'sync-token') ?? foundProperty(response, ns.calendarserver, 'getctag')
  )?.text.trim();

/** The collection's current token by a PROPFIND of depth 0; undefined when the server has none. */
export async function readSyncToken(
  session: Session,
  { path, tokenPoll }: Pick<Replica, 'path' | 'tokenPoll'>,
): Promise<string | undefined> {
  const request = tokenPoll.request(session.credentials, '', () => ({
    method: 'PROPFIND',
    path,
    headers: xmlHeaders('0'),
    body,
  }));
  const answer = expectStatus(request, await exchangeAsIs(session, 'sync-token', request), 207);
  const [response] = parseMultistatus(answer.body, `PROPFIND ${path}`).responses;
  return response === undefined ? undefined : tokenIn(response);
}

/** The tokens of all collections of a home by one PROPFIND of depth 1, by path. */
export async function readHomeTokens(session: Session, home: string): Promise<Map<string, string>> {
  const request = { method: 'PROPFIND', path: home, headers: xmlHeaders('1'), body };
  const answer = expectStatus(request, await exchange(session, 'home', request), 207);
  const tokens = new Map<string, string>();
  for (const response of parseMultistatus(answer.body, `PROPFIND ${home}`).responses) {
    const token = tokenIn(response);
    if (token !== undefined) tokens.set(response.href, token);
  }
  return tokens;
}
