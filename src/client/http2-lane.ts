import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import { createDialler } from './dial.ts';
import type { DavAnswer, DavRequest, Lane, LaneOptions } from './lane.ts';
import type { SocketBytes } from './socket-bytes.ts';

const mostStreams = 100;

/**
 * One HTTP/2 connection, on which requests that are under way at once share the socket. What such requests moved is
 * put down to the one that ends first, so only sums are exact.
 */
export class Http2Lane implements Lane {
  readonly #client: Client;
  #pending = 0;
  /** The server has answered on a connection of this lane before. */
  #hasAnswered = false;
  #bytes: SocketBytes | undefined;

  constructor(options: LaneOptions) {
    const dial = createDialler(options, true);
    this.#client = new Client(options.origin, {
      allowH2: true,
      pipelining: mostStreams,
      h2Options: { maxConcurrentStreams: mostStreams },
      keepAliveTimeout: options.keepAliveMs,
      keepAliveMaxTimeout: options.keepAliveMs,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      connect: (target, callback) => {
        dial(target, (error, dialled) => {
          if (error !== null) return callback(error, null);
          if (!speaksHttp2(dialled.socket)) {
            dialled.socket.destroy();
            return callback(new Error('the server does not speak HTTP/2'), null);
          }
          this.#bytes = dialled.bytes;
          callback(null, dialled.socket);
        });
      },
    });
  }

  get pending(): number {
    return this.#pending;
  }

  async send(request: DavRequest): Promise<DavAnswer> {
    const wasKept = this.#hasAnswered;
    this.#pending += 1;
    try {
      return await this.#dispatch(request);
    } catch (error) {
      // As over HTTP/1.1: what a kept connection swallows by ending is asked again; all requests here can be repeated.
      if (wasKept && isEnded(error)) return await this.#dispatch(request);
      throw error;
    } finally {
      this.#pending -= 1;
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  #dispatch({ method, path, headers: sent, body }: DavRequest): Promise<DavAnswer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      let headers: DavAnswer['headers'] = {};
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, statusCode, answered) {
          status = statusCode;
          headers = answered;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          this.#hasAnswered = true;
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status, headers, body: text, bytes: this.#bytes?.take() ?? { up: 0, down: 0 } });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      };
      this.#client.dispatch(
        { method, path, headers: sent, idempotent: true, ...(body === undefined ? {} : { body }) },
        handler,
      );
    });
  }
}

/** Agreed on in the TLS handshake (RFC 9113 section 3.2); the other way to begin, in clear text, few servers offer. */
const speaksHttp2 = (socket: Socket): boolean => socket instanceof TLSSocket && socket.alpnProtocol === 'h2';

const endedCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ERR_HTTP2_GOAWAY_SESSION']);

const isEnded = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (endedCodes.has(String(error.code)) || String(error.code).startsWith('ERR_HTTP2_SESSION'));
