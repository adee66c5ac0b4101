import type { Distribution } from './distribution.ts';
import type { PerRequest } from './per-request.ts';

export interface ServerSpec {
  readonly name: string;
  readonly workers: number;
  /** Time of one worker for a request, by kind. */
  readonly serviceMs: PerRequest<Distribution>;
  /** Worker time for one push message: to encrypt and send it, and whatever else it makes the server do. */
  readonly pushMs: Distribution;
  /** Worker time beyond that of a message, by how long ago the one before left: what messages alone use has gone cold by then; none when absent. */
  readonly pushCold?: readonly ColdSpec[];
  /** Worker time of a TLS handshake. It counts as work and delays nobody. */
  readonly connectMs?: number;
  /** Worker time beyond that of a write or a fetch of objects, by how long ago the last of its kind came; none when absent. */
  readonly newsCold?: readonly ColdSpec[];
  /** Worker time beyond that of a job, by how long the worker had nothing to answer before; none when absent. */
  readonly cold?: readonly ColdSpec[];
  /** Share of what a job paid for idle time that the next one pays again, as one alone does not bring everything back; 0 when absent. */
  readonly coldKept?: number;
  /** Share of `cold` that a look at a sync token pays; all when absent. */
  readonly coldOfCheck?: number;
  /** Processor time that other threads take for each ms of a worker, as to collect garbage; it counts as work and delays nobody; 0 when absent. */
  readonly besides?: number;
  /** The same for what it does for push messages; as much as for the rest when absent. */
  readonly pushBesides?: number;
  /** What large bursts of messages leave to other threads; as much as small ones when absent. */
  readonly pushThreads?: PushThreadsSpec;
  /** For each ms that other threads take for push messages, how long a worker waits for a processor that they have: time, not work; 0 when absent. */
  readonly pushWaits?: number;
  /** Collections of the whole heap; none when absent. What they take of a worker's processor time is in that of jobs. */
  readonly majorGc?: MajorGcSpec;
  /** Processor time of its main thread each second whether or not there is anything to do; 0 when absent. It delays nobody. */
  readonly upkeepMs?: number;
  /** Memory, for plans; the simulator does not need it. */
  readonly memory?: MemorySpec;
  /** How many requests may wait for a worker; any number when absent. */
  readonly accept?: AcceptSpec;
  /** When the server is away, in order: it refuses connections, has lost those it had and what it had not answered. */
  readonly restarts?: readonly RestartSpec[];
  /** The interval between contacts that it announces; none when absent. */
  readonly pacing?: PacingSpec;
  /** Push connections end at this server, as those of a bundled push service do, and break with it; worker time to take one again. */
  readonly pushConnections?: { readonly reconnectMs: Distribution };
}

/** Of bursts of at least `from` messages other threads take `besides` ms for each of a worker; all together as long as of smaller ones. */
export interface PushThreadsSpec {
  readonly from: number;
  readonly besides: number;
}

/** After each `everyMs` of work a worker stands still for `pauseMs`, as threads that collect its heap have the processors. */
export interface MajorGcSpec {
  readonly everyMs: number;
  readonly pauseMs: number;
}

/** After `idleMs` without any the next one costs `costMs` more. In ascending order of `idleMs`. */
export interface ColdSpec {
  readonly idleMs: number;
  readonly costMs: number;
}

/** Memory of a server: with nothing to do, and for each client connection and each push subscription with its connection. */
export interface MemorySpec {
  readonly baseBytes: number;
  readonly connectionBytes: number;
  readonly subscriptionBytes: number;
}

/** A request that finds `queue` others waiting is answered 503 with Retry-After (RFC 9110 sections 15.6.4 and 10.2.3). */
export interface AcceptSpec {
  readonly queue: number;
  readonly retryAfterMs: number;
  /** Worker time of such an answer, and its size in bytes. */
  readonly refuseMs: number;
  readonly bytes: number;
}

/** From `atMs` after the start of the run, warm-up included, for `downMs`. */
export interface RestartSpec {
  readonly atMs: number;
  readonly downMs: number;
}

/** An announced interval by load: the work that came in during the last full span of `overMs`, as a share of what the workers can do in it. */
export interface PacingSpec {
  readonly overMs: number;
  /** Ascending by load; the last one reached counts, the first one below all of them. */
  readonly steps: readonly { readonly load: number; readonly intervalMs: number }[];
  /** Intervals between two steps grow evenly with the load instead of in steps. */
  readonly smooth: boolean;
}
