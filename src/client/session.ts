import type { RequestKind } from '../../sim/index.ts';
import type { Connection } from './connection.ts';
import type { DavAnswer, DavRequest } from './lane.ts';
import type { ByteCount } from './socket-bytes.ts';

/** Who a request is sent as: the value of its `Authorization` header. */
export interface Credentials {
  readonly user: string;
  readonly authorization: string;
}

/** Basic authentication (RFC 7617). */
export const basicCredentials = (user: string, password: string): Credentials => ({
  user,
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

/** One finished request, as records and radio meters want it. */
export interface Exchange {
  readonly kind: RequestKind | 'discovery';
  /** On the clock of the session, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly bytes: ByteCount;
  readonly request: DavRequest;
  readonly answer: DavAnswer;
}

/** A connection with somebody's credentials, a clock, and somebody who wants to know of each request. */
export interface Session {
  readonly connection: Connection;
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly onExchange?: (exchange: Exchange) => void;
  /** Once it is aborted, requests fail with its reason, and none is begun. */
  readonly signal?: AbortSignal;
}

const userAgent = 'davpulse/0.1';

/** Sends one request in the session and reports it. */
export function exchange(
  session: Session,
  kind: Exchange['kind'],
  request: Omit<DavRequest, 'headers'> & { readonly headers?: DavRequest['headers'] },
): Promise<DavAnswer> {
  return exchangeAsIs(session, kind, withCredentials(session.credentials, request));
}

/** The request as `credentials` send it. */
export const withCredentials = (
  { authorization }: Credentials,
  request: Omit<DavRequest, 'headers'> & { readonly headers?: DavRequest['headers'] },
): DavRequest => ({ ...request, headers: { 'user-agent': userAgent, authorization, ...request.headers } });

/** Sends a request that has its credentials already. */
export async function exchangeAsIs(
  session: Session,
  kind: Exchange['kind'],
  request: DavRequest,
): Promise<DavAnswer> {
  const { signal } = session;
  signal?.throwIfAborted();
  const startedAt = session.now();
  const answer = await session.connection.send(request).catch((error: unknown) => {
    // Ctrl-C reaches a server that the terminal's job includes as well: that it is gone is no news then.
    throw signal?.aborted === true ? signal.reason : error;
  });
  session.onExchange?.({ kind, startedAt, endedAt: session.now(), bytes: answer.bytes, request, answer });
  return answer;
}

/** Headers of a request whose body is XML. */
export const xmlHeaders = (depth: '0' | '1'): Record<string, string> => ({
  depth,
  'content-type': 'application/xml; charset=utf-8',
});
