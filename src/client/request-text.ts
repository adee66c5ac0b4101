import type { DavRequest } from './lane.ts';
import { PreparedRequest } from './prepared-request.ts';

export interface WrittenRequest {
  readonly text: string;
  /** `latin1` is the quick way for what is ASCII anyway. */
  readonly encoding: 'latin1' | 'utf8';
}

/** Methods whose requests say their length even when there is no body (RFC 9110 section 8.6). */
const expectBody = new Set(['PUT', 'POST', 'PROPFIND', 'PROPPATCH']);

const notInPath = /[^\u0021-\u007e\u0080-\u00ff]/;
const notInHeader = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * A request as HTTP/1.1 writes it. @throws Error when a path or header would break out of its line: both may hold
 * what a server said
 */
export function writeRequest(host: string, request: DavRequest): WrittenRequest {
  if (!(request instanceof PreparedRequest)) return write(host, request);
  if (request.written?.host === host) return request.written;
  const written = { host, ...write(host, request) };
  request.written = written;
  return written;
}

function write(host: string, { method, path, headers, body = '' }: DavRequest): WrittenRequest {
  if (notInPath.test(path)) throw new Error(`${JSON.stringify(path)} cannot be asked for`);
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (notInHeader.test(value)) throw new Error(`the header ${name} cannot be ${JSON.stringify(value)}`);
    head += `${name}: ${value}\r\n`;
  }
  const bytes = Buffer.byteLength(body);
  if (bytes > 0 || expectBody.has(method)) head += `content-length: ${bytes}\r\n`;
  return { text: `${head}\r\n${body}`, encoding: bytes === body.length ? 'latin1' : 'utf8' };
}
