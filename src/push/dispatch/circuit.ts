import { backoffMs, type BackoffOptions } from './backoff.ts';

export interface CircuitOptions extends BackoffOptions {
  /** Different subscriptions that must fail, with no success between, before the origin counts as down. */
  readonly subscriptions: number;
}

/**
 * One origin's health. It opens only when several subscriptions fail in a row, because a single hostile endpoint
 * must not silence its neighbours; then one attempt at a time probes whether the origin is back.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #random: () => number;
  readonly #failing = new Set<number>();
  #openings = 0;
  #era = 0;
  #openUntil = -Infinity;
  #failedAt = -Infinity;

  constructor(options: CircuitOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Epoch ms before which nothing may be sent. */
  get openUntil(): number {
    return this.#openUntil;
  }

  /** Whether only a single probe may be on its way. */
  get probing(): boolean {
    return this.#openings > 0;
  }

  /** Changes with each opening; an attempt keeps the one in which it left. */
  get era(): number {
    return this.#era;
  }

  /** Whether nothing is known of it that a new one would not know too. */
  forgettable(now: number): boolean {
    return now >= this.#openUntil && now - this.#failedAt > this.#options.maxMs;
  }

  succeeded(): void {
    this.#failing.clear();
    this.#openings = 0;
    this.#failedAt = -Infinity;
  }

  /** An attempt that left in `era` failed. */
  failed(subscription: number, now: number, era: number): void {
    this.#failing.add(subscription);
    this.#failedAt = now;
    // It left before the origin was known to be down, so it says nothing new.
    if (era !== this.#era) return;
    if (!this.probing && this.#failing.size < this.#options.subscriptions) return;
    this.#openings += 1;
    this.#era += 1;
    this.hold(now + backoffMs(this.#openings, this.#options, this.#random));
  }

  /** Keeps the origin quiet until then, e.g. because it said `Retry-After`. */
  hold(until: number): void {
    this.#openUntil = Math.max(this.#openUntil, until);
  }
}
