import { escapeXml, ns } from '../../xml/index.ts';
import type { PushKeys } from '../../client/index.ts';

const prefixes = `xmlns:D="${ns.dav}" xmlns:C="${ns.caldav}" xmlns:A="${ns.carddav}" xmlns:CS="${ns.calendarserver}" xmlns:P="${ns.push}"`;
const head = '<?xml version="1.0" encoding="utf-8"?>';

/** Request bodies; names inside are prefixed D, C (CalDAV), A (CardDAV), CS, P (push). */
export const document = (root: string): string => head + root.replace(/^<([\w:-]+)/, `<$1 ${prefixes}`);

export const propfindBody = (...names: string[]): string =>
  document(`<D:propfind><D:prop>${names.map((name) => `<${name}/>`).join('')}</D:prop></D:propfind>`);

export const displayNameBody = (name: string): string =>
  document(
    `<D:propertyupdate><D:set><D:prop><D:displayname>${escapeXml(name)}</D:displayname></D:prop></D:set></D:propertyupdate>`,
  );

export const syncBody = (token: string, limit?: number): string =>
  document(
    `<D:sync-collection><D:sync-token>${escapeXml(token)}</D:sync-token><D:sync-level>1</D:sync-level>${
      limit === undefined ? '' : `<D:limit><D:nresults>${limit}</D:nresults></D:limit>`
    }<D:prop><D:getetag/></D:prop></D:sync-collection>`,
  );

export const eventBody = (uid: string, summary: string): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//davpulse//conformance//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20300101T120000Z',
    'DTEND:20300101T130000Z',
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

export const cardBody = (uid: string): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:Ada Example', 'N:Example;Ada;;;', 'END:VCARD', ''].join(
    '\r\n',
  );

export const contentTrigger = (depth: string): string =>
  `<P:content-update><D:depth>${depth}</D:depth></P:content-update>`;
export const propertyTrigger = (depth: string): string =>
  `<P:property-update><D:depth>${depth}</D:depth></P:property-update>`;

/** The parts of a registration; each can be left out or be wrong, to see what the server says. */
export interface RegisterParts {
  readonly pushResource: string;
  readonly keys: PushKeys;
  readonly publicKey?: string;
  readonly authSecret?: string;
  /** undefined leaves the element out. */
  readonly contentEncoding: string | undefined;
  /** Children of `trigger`; undefined leaves the element out. */
  readonly triggers: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number | undefined;
  /** More XML at the end of the request. */
  readonly extra?: string;
}

const optional = (open: string, content: string | undefined, close: string): string =>
  content === undefined ? '' : open + content + close;

export const subscriptionXml = (parts: RegisterParts): string =>
  `<P:subscription><P:web-push-subscription><P:push-resource>${escapeXml(parts.pushResource)}</P:push-resource>` +
  optional('<P:content-encoding>', parts.contentEncoding, '</P:content-encoding>') +
  `<P:subscription-public-key type="p256dh">${parts.publicKey ?? parts.keys.publicKey}</P:subscription-public-key>` +
  `<P:auth-secret>${parts.authSecret ?? parts.keys.authSecret}</P:auth-secret></P:web-push-subscription></P:subscription>`;

export const registerBody = (parts: RegisterParts): string =>
  document(
    `<P:push-register>${subscriptionXml(parts)}${optional('<P:trigger>', parts.triggers, '</P:trigger>')}` +
      `${optional('<P:expires>', parts.expiresAt === undefined ? undefined : new Date(parts.expiresAt).toUTCString(), '</P:expires>')}${parts.extra ?? ''}</P:push-register>`,
  );
