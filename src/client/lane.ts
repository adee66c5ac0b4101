import type { ByteCount } from './socket-bytes.ts';

export interface LaneOptions {
  /** Scheme and authority, e.g. `http://127.0.0.1:5232`. */
  readonly origin: string;
  /** An idle connection is closed after this, ms; sooner when the server says so (`Keep-Alive: timeout`). */
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

/** One socket to a server, every byte counted. */
export interface Lane {
  /** Requests sent and not answered. */
  readonly pending: number;
  /** Sends one request. Rejects with the error of the socket or of the protocol when no whole answer comes. */
  send(request: DavRequest): Promise<DavAnswer>;
  /** Ends the socket; what is under way fails. */
  close(): Promise<void>;
}
