import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders as Http2Headers, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';

/** One request and its answer, the same over HTTP/1.1 and HTTP/2. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  /** The whole body; undefined when it is longer than `limit`. */
  body(limit: number): Promise<Buffer | undefined>;
  answer(status: number, headers?: Readonly<Record<string, string>>, body?: string | Buffer): void;
  /** HTTP/2 only: what server push needs. */
  readonly stream: ServerHttp2Stream | undefined;
  /** Breaks the connection off. */
  destroy(): void;
  onClose(listener: () => void): void;
}

async function readAll(source: Readable, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}

export function exchangeOfHttp1(request: IncomingMessage, response: ServerResponse): Exchange {
  const headers: IncomingHttpHeaders = request.headers;
  return {
    method: request.method ?? '',
    path: request.url ?? '/',
    headers,
    remoteAddress: request.socket.remoteAddress,
    body: (limit) => readAll(request, limit),
    answer(status, answerHeaders = {}, body = '') {
      response.writeHead(status, answerHeaders);
      response.end(body);
    },
    stream: undefined,
    destroy: () => void request.socket.destroy(),
    onClose: (listener) => void response.on('close', listener),
  };
}

export function exchangeOfHttp2(stream: ServerHttp2Stream, headers: Http2Headers): Exchange {
  stream.on('error', () => stream.close());
  return {
    method: headers[':method'] ?? '',
    path: headers[':path'] ?? '/',
    headers,
    remoteAddress: stream.session?.socket.remoteAddress,
    body: (limit) => readAll(stream, limit),
    answer(status, answerHeaders = {}, body = '') {
      if (stream.destroyed) return;
      stream.respond({ ...answerHeaders, ':status': status });
      stream.end(body);
    },
    stream,
    destroy: () => stream.session?.destroy(),
    onClose: (listener) => void stream.on('close', listener),
  };
}
