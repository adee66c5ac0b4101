import { connect as connectTcp, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { SocketBytes } from './socket-bytes.ts';
import type { LaneOptions } from './lane.ts';

/** A connection as it was opened: what is written to, and the counter of the bytes below TLS. */
export interface Dialled {
  readonly socket: Socket;
  readonly bytes: SocketBytes;
}

/** Opens connections to one origin; one dialler keeps the TLS session for the next handshake. */
export function createDialler(
  { timeoutMs, verifyCertificate, onConnect }: LaneOptions,
  allowH2: boolean,
): (
  target: buildConnector.Options,
  done: (...outcome: [error: Error, dialled: null] | [error: null, dialled: Dialled]) => void,
) => void {
  const connect = buildConnector({
    allowH2,
    preferH2: allowH2,
    timeout: timeoutMs,
    rejectUnauthorized: verifyCertificate,
  });
  return (target, done) => {
    // Under TLS the bytes are counted below it, on the raw socket.
    const raw =
      target.protocol === 'https:'
        ? connectTcp({ host: target.hostname, port: Number(target.port) || 443, noDelay: true })
        : undefined;
    connect(raw === undefined ? target : { ...target, httpSocket: raw }, (error, socket) => {
      if (error !== null) return done(error, null);
      const bytes = new SocketBytes(raw ?? socket);
      onConnect?.(bytes.take());
      done(null, { socket, bytes });
    });
  };
}
