import { Circuit, type CircuitOptions } from './circuit.ts';
import type { OutboxMessage } from './outbox-message.ts';

export interface LaneOptions {
  /** Messages on their way to one origin at a time. */
  readonly concurrency: number;
  /** Of these, how many may be second or later attempts: endpoints that hang must not take every place. */
  readonly suspects: number;
  readonly circuit: CircuitOptions;
}

/** A message in a lane. */
interface Queued {
  readonly message: OutboxMessage;
  readonly subscription: number;
  /** A repeated attempt. */
  readonly suspect: boolean;
}

/** A message on its way. */
export interface Place extends Queued {
  /** Of the circuit, when it left. */
  readonly era: number;
}

/** The queue to one origin: one message per subscription at a time, first attempts before repeated ones. */
export class Lane {
  readonly circuit: Circuit;
  readonly #options: LaneOptions;
  readonly #fresh = new Map<number, Queued[]>();
  readonly #suspect = new Map<number, Queued[]>();
  readonly #busy = new Set<number>();
  #suspectsBusy = 0;
  #size = 0;

  constructor(options: LaneOptions, random: () => number) {
    this.#options = options;
    this.circuit = new Circuit(options.circuit, random);
  }

  get idle(): boolean {
    return this.#busy.size === 0 && this.#fresh.size === 0 && this.#suspect.size === 0;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  get waiting(): boolean {
    return this.#fresh.size > 0 || this.#suspect.size > 0;
  }

  add(message: OutboxMessage, subscription: number): void {
    const place: Queued = { message, subscription, suspect: message.attempts > 0 };
    const queues = place.suspect ? this.#suspect : this.#fresh;
    this.#size += 1;
    const queue = queues.get(subscription);
    if (queue === undefined) queues.set(subscription, [place]);
    else queue.push(place);
  }

  /** The next message that may leave at `now`; its place is taken until `release`. */
  take(now: number): Place | undefined {
    const limit = this.circuit.probing ? 1 : this.#options.concurrency;
    if (now < this.circuit.openUntil || this.#busy.size >= limit) return undefined;
    const fresh = this.#takeFrom(this.#fresh);
    if (fresh !== undefined) return fresh;
    if (this.#suspectsBusy >= this.#options.suspects) return undefined;
    const suspect = this.#takeFrom(this.#suspect);
    if (suspect !== undefined) this.#suspectsBusy += 1;
    return suspect;
  }

  release(place: Place): void {
    this.#busy.delete(place.subscription);
    if (place.suspect) this.#suspectsBusy -= 1;
  }

  #takeFrom(queues: Map<number, Queued[]>): Place | undefined {
    for (const [subscription, queue] of queues) {
      if (this.#busy.has(subscription)) continue;
      const next = queue.shift();
      queues.delete(subscription);
      // Round robin: a subscription with more to come goes to the end.
      if (queue.length > 0) queues.set(subscription, queue);
      if (next === undefined) continue;
      this.#busy.add(subscription);
      this.#size -= 1;
      return { ...next, era: this.circuit.era };
    }
    return undefined;
  }
}
