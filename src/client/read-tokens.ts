import { ns } from '../xml/index.ts';
import { expectStatus } from './expect-status.ts';
import { foundProperty, parseMultistatus, type MultistatusResponse } from './multistatus.ts';
import type { Replica } from './replica.ts';
import { exchange, exchangeAsIs, xmlHeaders, type Session } from './session.ts';

/** Where Apple's calendar server keeps the interval that it recommends. */
const appleIcal = 'http://apple.com/ns/ical/';
const bodyFor = (more: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:CS="http://calendarserver.org/ns/"><D:prop><D:sync-token/><CS:getctag/>${more}</D:prop></D:propfind>`;
const body = bodyFor('');
const bodyWithPace = bodyFor(`<I:refreshrate xmlns:I="${appleIcal}"/>`);

/** An ISO 8601 duration of days, hours, minutes and seconds, ms; `NaN` for anything else. */
function durationMs(text: string): number {
  const [, days, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  const [d, h, m, s] = [days, hours, minutes, seconds].map((part) => Number(part ?? 0));
  const total = (((d ?? 0) * 24 + (h ?? 0)) * 60 + (m ?? 0)) * 60 + (s ?? 0);
  return total > 0 ? total * 1000 : NaN;
}

/** The sync token, or the CTag of a server that has none: both change with every change in the collection. */
const tokenIn = (response: MultistatusResponse): string | undefined =>
  (
    foundProperty(response, ns.dav, 'sync-token') ?? foundProperty(response, ns.calendarserver, 'getctag')
  )?.text.trim();

/**
 * The collection's current token by a PROPFIND of depth 0; undefined when the server has none. With `asksPace` the
 * interval that the server announces is noted too.
 */
export async function readSyncToken(
  session: Session,
  replica: Pick<Replica, 'path' | 'tokenPoll' | 'paceMs'>,
  asksPace = false,
): Promise<string | undefined> {
  const { path, tokenPoll } = replica;
  const request = tokenPoll.request(session.credentials, String(asksPace), () => ({
    method: 'PROPFIND',
    path,
    headers: xmlHeaders('0'),
    body: asksPace ? bodyWithPace : body,
  }));
  const answer = expectStatus(request, await exchangeAsIs(session, 'sync-token', request), 207);
  const [response] = parseMultistatus(answer.body, `PROPFIND ${path}`).responses;
  if (response === undefined) return undefined;
  if (asksPace)
    replica.paceMs = durationMs(foundProperty(response, appleIcal, 'refreshrate')?.text.trim() ?? '');
  return tokenIn(response);
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
