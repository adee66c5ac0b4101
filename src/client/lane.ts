import { connect as connectTcp, type Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { SocketBytes, type ByteCount } from './socket-bytes.ts';

export interface LaneOptions {
  /** Scheme and authority, e.g. `http://127.0.0.1:5232`. */
  readonly origin: string;
  /** An idle connection is closed after this, ms. */
  readonly keepAliveMs: number;
  /** Without an answer for this long a request fails, ms. */
  readonly timeoutMs: number;
  /** Checked for certificates of `https:` origins; false for self-signed ones on loopback. */
  readonly verifyCertificate: boolean;
  /** Called once for each new connection, with the bytes of its TLS handshake (zero in clear text). */
  readonly onConnect?: (bytes: ByteCount) => void;
}

export interface DavRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface DavAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Bytes that this request and its answer moved on the socket. */
  readonly bytes: ByteCount;
}

/** One socket to a server: one request at a time, every byte counted. */
export class Lane {
  readonly #client: Client;
  readonly #options: LaneOptions;
  /** Requests sent and not answered. */
  pending = 0;
  #bytes: SocketBytes | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#client = new Client(options.origin, {
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: options.keepAliveMs,
      keepAliveMaxTimeout: options.keepAliveMs,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      connect: this.#connector(),
    });
  }

  /** Sends one request. Rejects with the error of the socket or of undici when no whole answer comes. */
  async send(request: DavRequest): Promise<DavAnswer> {
    const reused = this.#bytes?.isOpen === true;
    this.pending += 1;
    try {
      return await this.#dispatch(request);
    } catch (error) {
      // A server may close an idle connection just as a request leaves (RFC 9112 section 9.5); all requests here can be repeated.
      if (reused && isClosedSocket(error)) return await this.#dispatch(request);
      throw error;
    } finally {
      this.pending -= 1;
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  #dispatch(request: DavRequest): Promise<DavAnswer> {
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
          const [first] = chunks;
          const body =
            first === undefined ? '' : (chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8');
          resolve({ status, headers, body, bytes: this.#bytes?.take() ?? { up: 0, down: 0 } });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      };
      const { method, path, headers: sent, body } = request;
      this.#client.dispatch(
        {
          method,
          path,
          headers: sent,
          idempotent: true,
          // undici closes the connection after a body with a method that it does not know to have one (REPORT).
          reset: false,
          ...(body === undefined ? {} : { body }),
        },
        handler,
      );
    });
  }

  #connector(): buildConnector.connector {
    const connect = buildConnector({
      allowH2: false,
      timeout: this.#options.timeoutMs,
      rejectUnauthorized: this.#options.verifyCertificate,
    });
    return (target, callback) => {
      // Under TLS the bytes are counted below it, on the raw socket.
      const raw =
        target.protocol === 'https:'
          ? connectTcp({ host: target.hostname, port: Number(target.port) || 443, noDelay: true })
          : undefined;
      connect(raw === undefined ? target : { ...target, httpSocket: raw }, (...outcome) => {
        if (outcome[0] === null) this.#opened(raw ?? outcome[1]);
        callback(...outcome);
      });
    };
  }

  #opened(socket: Socket): void {
    this.#bytes = new SocketBytes(socket);
    this.#options.onConnect?.(this.#bytes.take());
  }
}

const closedCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function isClosedSocket(error: unknown): boolean {
  return error instanceof Error && 'code' in error && closedCodes.has(String(error.code));
}
