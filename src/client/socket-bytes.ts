import type { Socket } from 'node:net';

/** Payload bytes on a socket (TLS records included, TCP/IP headers not), seen from the device. */
export interface ByteCount {
  readonly up: number;
  readonly down: number;
}

/** What a TLS 1.3 record with an AES-GCM or ChaCha20 cipher adds: header 5, content type 1, tag 16 (RFC 8446 section 5.2). */
const recordBytes = 22;

/**
 * Bytes that a message and its answer would move under TLS, in a record each. The bundled push service is spoken to in
 * clear text; over TLS a message from it and a ping were measured to move exactly so many more each way.
 */
export const inRecords = ({ up, down }: ByteCount, { tls }: { readonly tls: boolean }): ByteCount =>
  tls ? { up: up + recordBytes, down: down + recordBytes } : { up, down };

/** Reads a socket's counters in steps, so that each step can be put down to what caused it. */
export class SocketBytes {
  readonly #socket: Socket;
  #up = 0;
  #down = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** What has passed since the last call. */
  take(): ByteCount {
    const up = this.#socket.bytesWritten;
    const down = this.#socket.bytesRead;
    const step = { up: up - this.#up, down: down - this.#down };
    this.#up = up;
    this.#down = down;
    return step;
  }
}
