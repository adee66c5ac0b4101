import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { expectStatus } from '../expect-status.ts';
import { foundProperty, parseMultistatus, type MultistatusResponse } from '../multistatus.ts';
import { exchange, xmlHeaders, type Session } from '../session.ts';
import type { AppleOffer, OfferedTransports } from './offered-transports.ts';
import { streamNamespace } from './stream-namespace.ts';

const ofCollection = '<P:transports/><P:topic/><CS:pushkey/>';
/** Calendar Server's default, for a server that does not tell. */
const defaultRefreshMs = 172_800_000;

async function propfind(
  session: Session,
  path: string,
  properties: string,
): Promise<MultistatusResponse | undefined> {
  const body = `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="${ns.dav}" xmlns:CS="${ns.calendarserver}" xmlns:P="${ns.push}"><D:prop>${properties}</D:prop></D:propfind>`;
  const request = { method: 'PROPFIND', path, headers: xmlHeaders('0'), body };
  const answer = expectStatus(request, await exchange(session, 'discovery', request), 207);
  return parseMultistatus(answer.body, `PROPFIND ${path}`).responses[0];
}

/**
 * Every transport that a collection advertises. Apple's is described on the `home` only, because
 * caldav-pubsubdiscovery keeps `push-transports` from collections.
 * @throws DavpulseError when the server refuses or fails
 */
export async function discoverTransports(
  session: Session,
  collection: string,
  home: string,
): Promise<OfferedTransports> {
  const [own, above] = await Promise.all([
    propfind(session, collection, ofCollection),
    propfind(session, home, '<CS:push-transports/>'),
  ]);
  const transports = own && foundProperty(own, ns.push, 'transports');
  const webPush = transports && child(transports, ns.push, 'web-push');
  const stream = transports && pathIn(child(transports, streamNamespace, 'stream'));
  return {
    collection,
    topic: textOf(own && foundProperty(own, ns.push, 'topic')),
    webPush: webPush && { vapidKey: textOf(child(webPush, ns.push, 'vapid-public-key')) },
    stream: stream === undefined ? undefined : { path: stream },
    apple: readApple(
      textOf(own && foundProperty(own, ns.calendarserver, 'pushkey')),
      above && foundProperty(above, ns.calendarserver, 'push-transports'),
    ),
  };
}

function readApple(pushKey: string | undefined, transports: XmlElement | undefined): AppleOffer | undefined {
  const apsd =
    transports &&
    children(transports, ns.calendarserver, 'transport').find(
      ({ attributes }) => attributes['type'] === 'APSD',
    );
  const path = apsd && pathIn(child(apsd, ns.calendarserver, 'subscription-url'));
  if (apsd === undefined || path === undefined || pushKey === undefined) return undefined;
  const refreshSeconds = Number(textOf(child(apsd, ns.calendarserver, 'refresh-interval')));
  return {
    pushKey,
    subscriptionPath: path,
    refreshMs: refreshSeconds > 0 ? refreshSeconds * 1000 : defaultRefreshMs,
    bundleId: textOf(child(apsd, ns.calendarserver, 'apsbundleid')) ?? '',
  };
}

function textOf(element: XmlElement | undefined): string | undefined {
  const text = element?.text.trim();
  return text === '' ? undefined : text;
}

/** The path of the `DAV:href` in an element: all requests of a session go to the session's own origin. */
function pathIn(element: XmlElement | undefined): string | undefined {
  const href = textOf(element && child(element, ns.dav, 'href'));
  const url = href === undefined ? null : URL.parse(href, 'http://localhost');
  return url === null ? undefined : url.pathname + url.search;
}
