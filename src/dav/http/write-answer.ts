import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

const longText = 4096;

/** Sends an answer whole; without its body when the request was HEAD. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers = {}, body }: Answer,
  head: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
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
}
