import { createFaults, type Fate, type FaultPlan } from './faults.ts';

/** The faults in force and what they have to know: when they were set, how many messages each subscription had. */
export class FaultDesk {
  readonly #now: () => number;
  readonly #onOutage: () => void;
  readonly #struck = new Map<number, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #plan: FaultPlan;
  #faults: ReturnType<typeof createFaults>;
  #since: number;

  constructor(plan: FaultPlan, now: () => number, onOutage: () => void) {
    this.#now = now;
    this.#onOutage = onOutage;
    this.#plan = plan;
    this.#faults = createFaults(plan);
    this.#since = now();
    this.set(plan);
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  get outage(): boolean {
    return this.#faults.outage(this.#now() - this.#since);
  }

  /** Replaces the faults; their times count from now. @throws ZodError */
  set(plan: FaultPlan): void {
    this.#faults = createFaults(plan);
    this.#plan = plan;
    this.#since = this.#now();
    this.#struck.clear();
    this.close();
    for (const afterMs of this.#faults.outagesAt) {
      this.#timers.add(setTimeout(this.#onOutage, afterMs).unref());
    }
  }

  /** What is to happen to the message, with a topic or without, that a subscription gets now. */
  fateOf(subscription: { readonly id: number; readonly pushToken: string }, topic: string | undefined): Fate {
    const index = this.#struck.get(subscription.id) ?? 0;
    this.#struck.set(subscription.id, index + 1);
    return this.#faults.fateOf({
      pushToken: subscription.pushToken,
      subscription: subscription.id,
      index,
      topic,
      elapsedMs: this.#now() - this.#since,
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
