import type { ServerResponse } from 'node:http';
import { isWhole, type Answer, type BodyParts } from './answer.ts';

const longText = 4096;

/**
 * Sends an answer, without its body when the request was HEAD. Tells how many bytes the body has, which for one that
 * is made while it is sent is known when the client has taken it, or gone.
 */
export function writeAnswer(
  response: ServerResponse,
  { status, headers = {}, body }: Answer,
  head: boolean,
): number | Promise<number> {
  if (response.headersSent || isGone(response)) return 0;
  const all: Record<string, string | number> = { ...headers };
  // HTTP/2 has no connection header (RFC 9113 section 8.2.2).
  if (response.req?.httpVersionMajor === 2) delete all['connection'];
  if (body !== undefined && !isWhole(body)) {
    response.writeHead(status, all);
    if (!head) return writeParts(response, body);
    response.end();
    return 0;
  }
  // A long text is encoded once, not counted and then encoded.
  const payload = typeof body === 'string' && body.length > longText ? Buffer.from(body) : body;
  const length = payload === undefined ? 0 : Buffer.byteLength(payload);
  const bodiless = status === 204 || status === 304;
  if (!bodiless) all['content-length'] = length;
  response.writeHead(status, all);
  if (bodiless || head || payload === undefined) response.end();
  else response.end(payload);
  return length;
}

/** The responses of HTTP/2 do not tell it themselves, but their streams do. */
const isGone = (response: ServerResponse): boolean =>
  response.destroyed ||
  ('stream' in response &&
    typeof response.stream === 'object' &&
    response.stream !== null &&
    'closed' in response.stream &&
    response.stream.closed === true);

async function writeParts(response: ServerResponse, { parts }: BodyParts): Promise<number> {
  const client = watch(response);
  let length = 0;
  try {
    for (const part of parts) {
      length += part.length;
      if (!response.write(part)) await client.ready();
      if (client.gone()) return length;
    }
    response.end();
  } catch (error) {
    // Half an answer has gone: only its breaking off tells the client that it is not whole. Over HTTP/2 that takes an
    // error, as a stream that is closed without one looks finished.
    response.destroy(error instanceof Error ? error : new Error(String(error)));
  }
  return length;
}

/** Tells when a client takes more, or is gone. */
function watch(response: ServerResponse): { gone(): boolean; ready(): Promise<void> } {
  let gone = false;
  let wake = (): void => {};
  const settle = (): void => wake();
  response.on('drain', settle);
  response.once('close', () => {
    gone = true;
    response.off('drain', settle);
    settle();
  });
  return {
    gone: () => gone,
    ready: () =>
      gone
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
  };
}
