import { ns } from '../../xml/index.ts';
import type { PushAnswer } from '../push-engine.ts';

/** Preconditions of the WebDAV-Push draft; the prose names, not those of its schema. */
export type Precondition = 'invalid-subscription' | 'push-not-available' | 'no-supported-trigger';

/** 403 with the precondition inside `DAV:error` (RFC 4918 section 16). */
export function refusal(precondition: Precondition): PushAnswer {
  return {
    status: 403,
    headers: { 'Content-Type': 'application/xml; charset="utf-8"' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<D:error xmlns:D="${ns.dav}"><${precondition} xmlns="${ns.push}"/></D:error>`,
  };
}

export const noContent: PushAnswer = { status: 204, headers: {}, body: '' };
export const notFound: PushAnswer = { status: 404, headers: {}, body: '' };

/** The registration stands: where it lives and when it really ends. `created` tells a new one from an update. */
export function registered(location: string, expiresAt: number, created: boolean): PushAnswer {
  return {
    status: created ? 201 : 204,
    headers: { Location: location, Expires: new Date(expiresAt).toUTCString() },
    body: '',
  };
}
