import { expectStatus } from './expect-status.ts';
import type { CollectionKind } from './multiget.ts';
import { exchange, type Session } from './session.ts';

const contentTypes = {
  calendar: 'text/calendar; charset=utf-8',
  addressbook: 'text/vcard; charset=utf-8',
} as const;

export interface WriteConditions {
  /** Only when the object still has this ETag. */
  readonly ifMatch?: string;
  /** Only when there is no such object yet. */
  readonly create?: true;
  /** The writer's own registration URL: it needs no push of its own change. */
  readonly dontNotify?: string;
}

/**
 * Writes one object. Gives its new ETag, `undefined` when the server names none.
 * @throws DavpulseError when the server refuses or fails, or a condition does not hold
 */
export async function putObject(
  session: Session,
  kind: CollectionKind,
  path: string,
  body: string,
  conditions: WriteConditions = {},
): Promise<string | undefined> {
  const headers = { 'content-type': contentTypes[kind], ...conditionHeaders(conditions) };
  const request = { method: 'PUT', path, headers, body };
  const answer = expectStatus(request, await exchange(session, 'put', request), 200, 201, 204);
  const { etag } = answer.headers;
  return typeof etag === 'string' ? etag : undefined;
}

/** Removes one object; one that is gone already counts as removed. @throws DavpulseError when the server refuses or fails */
export async function deleteObject(
  session: Session,
  path: string,
  conditions: WriteConditions = {},
): Promise<void> {
  const request = { method: 'DELETE', path, headers: conditionHeaders(conditions) };
  expectStatus(request, await exchange(session, 'delete', request), 200, 204, 404);
}

function conditionHeaders({ ifMatch, create, dontNotify }: WriteConditions): Record<string, string> {
  return {
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(create === undefined ? {} : { 'if-none-match': '*' }),
    ...(dontNotify === undefined ? {} : { 'push-dont-notify': `"${dontNotify}"` }),
  };
}
