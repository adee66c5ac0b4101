import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** When the server refuses more work, and for how long it asks to be left alone. */
export interface AcceptOptions {
  /** A request that finds so many others waiting is answered 503. */
  readonly queue: number;
  readonly retryAfterMs: number;
}

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Measuring an overloaded server must not add to what it refuses. */
const always = '/metrics';

/**
 * Lets requests in one at a time, and refuses those that find the queue full before anything of them is read, with
 * Retry-After (RFC 9110 sections 15.6.4 and 10.2.3). Between two requests the event loop sees who else is there:
 * without that, those who wait would wait in the sockets, where nobody counts them.
 */
export function queued(
  serve: RequestListener,
  refuse: RequestListener,
  { queue }: AcceptOptions,
): RequestListener {
  const waiting: Waiting[] = [];
  const next = (): void => {
    const first = waiting.shift();
    if (waiting.length > 0) setImmediate(next);
    if (first !== undefined) serve(first.request, first.response);
  };
  return (request, response) => {
    if (request.url === always) serve(request, response);
    else if (waiting.length >= queue) refuse(request, response);
    else if (waiting.push({ request, response }) === 1) setImmediate(next);
  };
}

/** `Retry-After` in whole seconds, at least one. */
export const retryAfter = ({ retryAfterMs }: AcceptOptions): string =>
  String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
