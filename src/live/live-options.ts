import type { FaultRule } from '../push/index.ts';
import type { ServerUser } from './accounts.ts';
import type { LiveSample } from './live-sample.ts';

export interface LiveOptions {
  readonly signal: AbortSignal;
  /** By how much the spec's intervals were shortened already; recorded, not applied. */
  readonly timeScale: number;
  /** Largest p99 of the scheduling lag of a valid run, ms. */
  readonly maxLagMs: number;
  /** Told the share of the run that is over, now and then. */
  readonly onProgress?: (share: number) => void;
  /** Told once a second how the run does. */
  readonly onSample?: (sample: LiveSample) => void;
  /** A server that is running already; the bundled one is started when it is left out. */
  readonly server?: LiveServer;
  /** Faults of the bundled push service beyond its loss and delay; their times count from the counted time on. */
  readonly faults?: readonly FaultRule[];
  /** Where devices keep what they know (tokens, ETags, subscriptions) for the next run; each run starts anew when left out. */
  readonly stateFolder?: string;
  /** Where the last requests and answers of devices that fail are written; nowhere when left out. */
  readonly transcriptFolder?: string;
}

/** A server that is not started for the run. */
export interface LiveServer {
  readonly url: string;
  readonly users: readonly ServerUser[];
  /** The user may put load on it; needed for anything but this machine. */
  readonly isOwn?: boolean;
  /** Of its process on this machine, whose processor time and memory are then part of the record. */
  readonly pid?: number;
  /** The bundled push service that goes with it, when it is the bundled server. */
  readonly pushServiceUrl?: string;
  /** Requests per second that it may get at most, if it is not this machine. */
  readonly maxPerSecond?: number;
}
