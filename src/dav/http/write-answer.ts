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
  if (response.headersSent || response.destroyed) return 0;
  if (body !== undefined && !isWhole(body)) {
    response.writeHead(status, { ...headers });
    return writeParts(response, body);
  }
  // A long text is encoded once, not counted and then encoded.
  const payload = typeof body === 'string' && body.length > longText ? Buffer.from(body) : body;
  const length = payload === undefined ? 0 : Buffer.byteLength(payload);
  const bodiless = status === 204 || status === 304;
  const all: Record<string, string | number> = { ...headers };
  // HTTP/2 has no connection header (RFC 9113 section 8.2.2).
  if (response.req?.httpVersionMajor === 2) delete all['connection'];
  if (!bodiless) all['content-length'] = length;
  response.writeHead(status, all);
  if (bodiless || head || payload === undefined) response.end();
  else response.end(payload);
  return length;
}

async function writeParts(response: ServerResponse, { parts }: BodyParts): Promise<number> {
  let length = 0;
  try {
    for (const part of parts) {
      length += part.length;
      if (!response.write(part)) await drained(response);
      if (response.destroyed) return length;
    }
    response.end();
  } catch {
    // Half an answer has gone: only the end of the connection tells the client that it is not whole.
    response.destroy();
  }
  return length;
}

/** Waits until the client has taken what was written, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.once('drain', settle);
    response.once('close', settle);
  });
}
