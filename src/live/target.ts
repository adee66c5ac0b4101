import type { ClientProfile, RunSpec } from '../../sim/index.ts';
import { Connection, type ByteCount, type Way } from '../client/index.ts';
import type { ServerUser } from './accounts.ts';

/** The server that a run drives. */
export interface Target {
  readonly origin: string;
  /** Path of the base URL; `/` lets discovery begin at the well-known URL. */
  readonly basePath: string;
  readonly users: readonly ServerUser[];
  /** Where the devices' push connections go; undefined when there is no push service. */
  readonly pushServiceUrl: string | undefined;
  /** Of the server, where its processor time can be read. */
  readonly pid: number | undefined;
  /** Kills the server, and has it back after so long, ms; undefined for one that is not ours to kill. */
  readonly restart?: (downMs: number) => Promise<void>;
}

const requestTimeoutMs = 30_000;

/** A connection as the run's transport wants it, with `sockets` at most. */
export function connectTo(
  target: Target,
  { transport }: Pick<RunSpec, 'transport'>,
  onConnect?: (bytes: ByteCount) => void,
  { concurrency = 1, timeoutMs = requestTimeoutMs }: Partial<ClientProfile> = {},
  way?: Way,
): Connection {
  return new Connection({
    origin: target.origin,
    keepAliveMs: transport.keepAliveMs,
    timeoutMs,
    verifyCertificate: false,
    sockets: concurrency,
    http: transport.http,
    ...(onConnect === undefined ? {} : { onConnect }),
    ...(way === undefined ? {} : { way }),
  });
}
