import type { DatabaseSync } from 'node:sqlite';
import type { ChangeLog } from '../store/change-log.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';

/** A registration has been notified through `seq`; `at` when a message really left, undefined when it was given up. */
export interface Done {
  readonly registration: number;
  readonly seq: number;
  readonly at: number | undefined;
  /** What the policy remembers of the registration, if anything. */
  readonly memory: number | undefined;
}

const batch = 512;
const pruneEveryMs = 1000;

/**
 * Writes what has been delivered, many at a time: a crash before the write leads to a second delivery, never to
 * none. It also shortens the log of changes to what somebody is still owed.
 */
export class DeliveryLog {
  readonly #db: DatabaseSync;
  readonly #store: Pick<SubscriptionStore, 'markSent'>;
  readonly #log: Pick<ChangeLog, 'removeThrough'>;
  readonly #settledThrough: () => number;
  readonly #now: () => number;
  #done: Done[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #prunedAt = -Infinity;
  #prunedThrough = 0;

  /** `settledThrough` tells the newest position of the log that nobody needs any more. */
  constructor(
    db: DatabaseSync,
    store: Pick<SubscriptionStore, 'markSent'>,
    log: Pick<ChangeLog, 'removeThrough'>,
    settledThrough: () => number,
    now: () => number,
  ) {
    this.#db = db;
    this.#store = store;
    this.#log = log;
    this.#settledThrough = settledThrough;
    this.#now = now;
  }

  add(done: Done): void {
    this.#done.push(done);
    if (this.#done.length >= batch && !this.#db.isTransaction) this.flush();
    else this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Looks soon whether the log can be shortened: changes that concern nobody lead to no delivery. */
  pruneSoon(): void {
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    // The connection is shared with the DAV server: its transaction must not be joined.
    if (this.#db.isTransaction) {
      this.#scheduled = setImmediate(() => this.flush());
      return;
    }
    const done = this.#done;
    this.#done = [];
    const now = this.#now();
    const prune = now - this.#prunedAt >= pruneEveryMs;
    if (done.length === 0 && !prune) return;
    this.#db.exec('BEGIN');
    for (const { registration, seq, at, memory } of done) {
      this.#store.markSent(registration, seq, at, memory);
    }
    if (prune) this.#prune(now);
    this.#db.exec('COMMIT');
  }

  #prune(now: number): void {
    const through = this.#settledThrough();
    this.#prunedAt = now;
    if (through <= this.#prunedThrough) return;
    this.#log.removeThrough(through);
    this.#prunedThrough = through;
  }
}
