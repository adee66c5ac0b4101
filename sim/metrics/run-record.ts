import type { ByteCause } from './byte-cause.ts';
import type { Importance, PerRequest, RunSpec } from '../spec.ts';

/**
 * What one run yields, whichever backend made it. Everything that reports, plans and verdicts show is computed
 * from records alone, so histograms and counts are kept rather than summaries.
 */
export interface RunRecord {
  readonly spec: RunSpec;
  readonly backend: 'sim' | 'live';
  /** How the simulator computed it: event by event, or an exact or expected shortcut. `live` for real traffic. */
  readonly mode: 'exact' | 'exact-sliced' | 'exact-elided' | 'expected' | 'live';
  /** Sync intervals of `spec` had been divided, its change rates multiplied by this; nothing here is scaled back. */
  readonly timeScale: number;
  /** Counted time, ms: simulated, or real in a live run. */
  readonly countedMs: number;
  readonly devices: number;
  readonly groups: readonly GroupRecord[];
  readonly requests: PerRequest<number>;
  readonly bytes: readonly CauseBytes[];
  readonly staleness: Readonly<Record<Importance, HistogramData>>;
  /** Share of (device, collection, counted time) in which the device held the collection's latest state. */
  readonly freshShare: number;
  /**
   * Mean age of what devices hold, over the same pairs and time: 0 while it is the latest state, else the time since
   * the first change that is missing (Cho and Garcia-Molina, TODS 28(4), 2003). Simulated runs only.
   */
  readonly meanAgeMs?: number;
  readonly ledger: LedgerTotals;
  readonly push: PushTotals;
  readonly server: ServerRecord;
  /** Runs whose server or clients can leave a request unanswered. Simulated runs only. */
  readonly failures?: FailureRecord;
  readonly stateCheck: { readonly compared: number; readonly different: number };
  /** Mode `expected` only: how far its closed forms are off simulated samples. */
  readonly expectedError?: ExpectedError;
  /** Real traffic only: how far the generator fell behind, and how requests were timed. */
  readonly generator?: GeneratorRecord;
}

/** Relative errors, 0.01 being one per cent, of closed forms against the mean of `exact` on samples of the fleet. */
export interface ExpectedError {
  /** Each sample: how many devices, over what counted time. */
  readonly devices: number;
  readonly countedMs: number;
  /** How many samples, each with a seed of its own, and all their changes: what came of few is off by chance. */
  readonly runs: number;
  readonly changes: number;
  readonly contacts: number;
  readonly requests: number;
  readonly bytes: number;
  readonly energy: number;
  readonly serverBusy: number;
  readonly stalenessMean: number;
  readonly stalenessP50: number;
  readonly stalenessP95: number;
  readonly freshShare: number;
}

/** Totals of one device group. */
export interface GroupRecord {
  readonly name: string;
  readonly devices: number;
  readonly contacts: number;
  readonly emptyContacts: number;
  readonly wakeUps: number;
  /** Joules above a radio that never wakes, by cause, and the idle floor itself. */
  readonly energyJ: Readonly<Record<EnergyCause, number>>;
}

export type EnergyCause = 'promotion' | 'active' | 'tail' | 'idle';

export interface CauseBytes {
  readonly cause: ByteCause;
  readonly up: number;
  readonly down: number;
}

/** Mergeable histogram: `counts[i]` values fell in bucket `i`; the bucket bounds follow from `kind` alone. */
export interface HistogramData {
  readonly kind: 'log-linear-1';
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Sparse: pairs of bucket index and count, ascending by index. */
  readonly buckets: readonly (readonly [index: number, count: number])[];
}

/**
 * Every pair of a counted change and a device that must learn of it, its writer aside: expected = seen + lost.
 * When the counted time ends changes stop, and the run goes on until each device has had the next contact that
 * its policy schedules; so a lost pair is one that the policy would never have brought.
 */
export interface LedgerTotals {
  readonly changes: number;
  readonly expected: number;
  readonly seen: number;
  /** Of those seen, how many after the counted time had ended. */
  readonly seenLate: number;
  readonly lost: number;
}

export interface PushTotals {
  readonly sent: number;
  /** Changes that joined a message already pending. */
  readonly merged: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly failed: number;
}

export interface ServerRecord {
  readonly requests: number;
  readonly peakPerSecond: number;
  readonly busyMs: number;
  /** Of that, what the main thread of its process took, or the workers of a simulated server: an event loop is full when that is all of the time; only where other threads are known of. */
  readonly loopMs?: number;
  /** How long that thread was ready to run and had no processor, as others had them all: part of the response times, of no work; live runs on a server of this machine, and simulated ones of a profile that knows of it. */
  readonly waitedMs?: number;
  /** How often it collected its whole heap; live runs on the bundled server, and simulated ones of a profile that knows of it. */
  readonly majorGcs?: number;
  /** Memory of the server's processes when the run was over; live runs on a server of this machine only. */
  readonly residentBytes?: number;
  /** Waiting plus service time of requests, ms. */
  readonly responseMs: HistogramData;
  /** Requests per bin over the counted time. */
  readonly series: {
    readonly binMs: number;
    readonly requests: readonly number[];
    readonly pushes: readonly number[];
  };
}

/**
 * Requests without an answer, by the time at which they reached the server: refused + unreachable + broken + timedOut
 * = retried + abandoned. Only those that timed out are among the requests that the server served.
 */
export interface FailureRecord {
  /** Answered 503 because too many were waiting. */
  readonly refused: number;
  /** Found no server. */
  readonly unreachable: number;
  /** Lost in a restart after the server had taken them. */
  readonly broken: number;
  /** Answered later than the client waited. */
  readonly timedOut: number;
  /** Tried again, in the same contact or as the same write. */
  readonly retried: number;
  /** Not tried again, the contact being given up, or the run over for as long as it lasted. */
  readonly abandoned: number;
  /** Push connections that were taken up again. */
  readonly reconnects: number;
  /** Failures per bin of `server.series`. */
  readonly series: readonly number[];
}

export interface GeneratorRecord {
  /** Actual start minus intended start of requests, ms. */
  readonly lagMs: HistogramData;
  /** Answer minus intended start, ms: what a user waits. */
  readonly responseMs: HistogramData;
  /** Answer minus actual start, ms: what the server took. */
  readonly serviceMs: HistogramData;
  readonly failures: number;
  /** How late the generator's event loop came round, ms. */
  readonly eventLoopDelayMs?: { readonly mean: number; readonly p99: number; readonly max: number };
  /** How the devices came to the server's state before the run: by first syncs, or with what they kept; and how many registrations they made. */
  readonly setUp?: {
    readonly firstSyncs: number;
    readonly registered: number;
    readonly restored: number;
  };
}
