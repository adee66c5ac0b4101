import type { Socket } from 'node:net';

/** Payload bytes on a socket (TLS records included, TCP/IP headers not), seen from the device. */
export interface ByteCount {
  readonly up: number;
  readonly down: number;
}

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
