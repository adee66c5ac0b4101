import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { causeOf, requestKinds, type ByteCause, type CauseBytes, type RunRecord } from '../../sim/index.ts';
import { shipped } from '../shipped/index.ts';
import { total } from './metric.ts';

const count = z.number().nonnegative();
const ways = z.strictObject({ up: count, down: count });

const modelSchema = z.object({
  /** Of TCP and IP on each segment. */
  headerBytes: z.number().positive(),
  /** Payload of a full segment. */
  segmentBytes: z.number().positive(),
  /** Segments that open and close a connection, and those of a TLS handshake beside its two hellos. */
  connection: ways,
  handshake: ways,
});

export type TcpIpModel = z.output<typeof modelSchema>;

let known: TcpIpModel | undefined;

/** The figures that ship in `scenarios/data/tcp-ip.yaml`, each with its source there. */
export const tcpIpModel = (): TcpIpModel =>
  (known ??= modelSchema.parse(parse(readFileSync(shipped('data', 'tcp-ip.yaml'), 'utf8'))));

/** Messages that are each answered, all taken to be alike, with the bytes of all together. */
export interface Exchanges {
  readonly count: number;
  readonly asked: number;
  readonly answered: number;
  /** Share of the answers that no next message follows at once: an odd last segment then gets an acknowledgement of its own. */
  readonly last: number;
}

/**
 * Estimate of the TCP/IP bytes of exchanges, each way: a header on every segment, at least one segment each way, an
 * acknowledgement for every second full segment (RFC 9293 section 3.8.6.3); an answer acknowledges what it answers.
 * Without losses and retransmissions. Exact where the exchanges are alike.
 */
export function segmentsOf(
  { count, asked, answered, last }: Exchanges,
  { segmentBytes }: Pick<TcpIpModel, 'segmentBytes'>,
): { readonly asking: number; readonly answering: number } {
  if (!(count > 0)) return { asking: 0, answering: 0 };
  const full = (bytes: number): number => Math.max(1, Math.ceil(bytes / count / segmentBytes));
  const [question, answer] = [full(asked), full(answered)];
  return {
    asking: count * (question + Math.floor(answer / 2) + (answer % 2) * last),
    answering: count * (answer + Math.floor(question / 2)),
  };
}

/**
 * Estimate of what TCP and IP add to the bytes on the socket, by cause and in the same counted time. Nothing of it is
 * measured in a run, live or simulated: it is derived from the record's numbers of exchanges and their bytes.
 */
export function tcpIpBytes(record: RunRecord, model: TcpIpModel = tcpIpModel()): CauseBytes[] {
  const { requests, spec, push } = record;
  const made = (cause: ByteCause): number =>
    total(requestKinds, (kind) => (causeOf[kind] === cause ? (requests[kind] ?? 0) : 0));
  const contacts = total(record.groups, (group) => group.contacts);
  return record.bytes.map(({ cause, up, down }) => {
    /** With segments beside those of the exchange. */
    const sent = (count: number, last: number, beside = none): CauseBytes => {
      const { asking, answering } = segmentsOf({ count, asked: up, answered: down, last }, model);
      return inBytes(cause, asking + count * beside.up, answering + count * beside.down, model);
    };
    const received = (count: number): CauseBytes => {
      const { asking, answering } = segmentsOf({ count, asked: down, answered: up, last: 1 }, model);
      return inBytes(cause, answering, asking, model);
    };
    switch (cause) {
      case 'check':
      case 'fetch':
        return sent(made(cause), Math.min(1, contacts / (made('check') + made('fetch'))));
      case 'write':
      case 'subscribe':
        return sent(made(cause), 1);
      case 'push':
        return received(push.delivered);
      case 'keep-alive':
        return received(spec.wire.keepAlive.up > 0 ? up / spec.wire.keepAlive.up : 0);
      case 'connect': {
        const opened = connections(record, up, contacts + made('write'));
        const { connection, handshake } = model;
        if (up === 0) return inBytes(cause, opened * connection.up, opened * connection.down, model);
        return sent(opened, 0, {
          up: connection.up + handshake.up,
          down: connection.down + handshake.down,
        });
      }
      default: {
        const unknown: never = cause;
        throw new RangeError(`no exchanges for ${JSON.stringify(unknown)}`);
      }
    }
  });
}

const none = { up: 0, down: 0 };

const inBytes = (cause: ByteCause, up: number, down: number, { headerBytes }: TcpIpModel): CauseBytes => ({
  cause,
  up: up * headerBytes,
  down: down * headerBytes,
});

/**
 * TLS handshakes tell how many connections were opened. In clear text nothing does: then as many as contacts and
 * writes come after a longer pause than an idle connection is kept for, pauses taken as exponential.
 */
function connections({ spec, devices, countedMs }: RunRecord, up: number, times: number): number {
  if (spec.wire.connect.up > 0) return up / spec.wire.connect.up;
  const meanPauseMs = (devices * countedMs) / times;
  return times > 0 ? times * Math.exp(-spec.transport.keepAliveMs / meanPauseMs) : 0;
}
