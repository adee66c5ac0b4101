import type { PushMoment, PushPolicy } from '../../../sim/index.ts';
import type { LoggedChange, Registration } from '../store/records.ts';
import { DueQueue } from './due-queue.ts';
import { absorb, higher, openMessage, type OutboxMessage } from './outbox-message.ts';

const keptMemories = 200_000;

/**
 * The messages that are owed and not yet on their way, at most one per registration. They live in memory: the log
 * of changes and each registration's place in it say the same, so a restart makes them anew.
 */
export class Outbox {
  readonly #policy: PushPolicy;
  readonly #messages = new Map<number, OutboxMessage>();
  /** What a policy that remembers does of each registration. */
  readonly #memories = new Map<number, number>();
  readonly #due = new DueQueue<OutboxMessage>();
  /** Changes that joined a message already there. */
  merged = 0;

  constructor(policy: PushPolicy) {
    this.#policy = policy;
  }

  get size(): number {
    return this.#messages.size;
  }

  messages(): Iterable<OutboxMessage> {
    return this.#messages.values();
  }

  memoryOf(registration: number): number | undefined {
    return this.#memories.get(registration);
  }

  /**
   * Merges a change into what its registration is owed; `rank` is its place among those concerned, `backlogMs` the
   * wait of a message that is taken up now.
   */
  addChange(change: LoggedChange, registration: Registration, rank: number, backlogMs: number): void {
    const opened = openMessage(registration.id, registration.resource, change);
    const message = this.#messages.get(registration.id);
    const moment: PushMoment = {
      now: change.at,
      importance: message === undefined ? change.importance : higher(message.importance, change.importance),
      firstAt: message?.firstAt ?? change.at,
      dueAt: message?.dueAt ?? Number.NaN,
      lastSentAt: registration.lastSentAt,
      rank,
      backlogMs,
      memory: this.#memories.get(registration.id) ?? registration.memory,
    };
    const dueAt = this.#policy.due(moment);
    if (this.#policy.remembers === true) this.#remember(registration.id, moment.memory ?? 0);
    if (message === undefined) this.#place(opened, dueAt);
    else {
      this.merged += 1;
      absorb(message, opened);
      // What already waits for room at its origin is due, whatever the policy would say of a later change.
      if (message.state === 'waiting' && message.attempts === 0) this.#place(message, dueAt);
    }
  }

  /** Takes back a message whose attempt failed; it unites with what has come meanwhile. */
  retry(message: OutboxMessage, at: number): void {
    const newer = this.#messages.get(message.registration);
    if (newer !== undefined) absorb(message, newer);
    message.state = 'waiting';
    this.#place(message, at);
  }

  /** Makes a message due then, if it still waits. */
  reschedule(message: OutboxMessage, at: number): void {
    if (message.state === 'waiting' && this.#messages.get(message.registration) === message) {
      this.#place(message, at);
    }
  }

  /** Owes a message that no change asked for now; it unites with what is owed already. */
  owe(message: OutboxMessage, at: number): void {
    const existing = this.#messages.get(message.registration);
    if (existing === undefined) this.#place(message, at);
    else {
      absorb(existing, message);
      this.reschedule(existing, at);
    }
  }

  /** The next message that is due at `now`; it stays here, mergeable, until `remove`. */
  takeDue(now: number): OutboxMessage | undefined {
    for (;;) {
      const message = this.#due.take(now);
      if (message === undefined) return undefined;
      if (message.state !== 'waiting' || this.#messages.get(message.registration) !== message) continue;
      message.state = 'queued';
      return message;
    }
  }

  /** When the next message is due, epoch ms. */
  nextAt(): number {
    return this.#due.nextAt();
  }

  remove(message: OutboxMessage): void {
    if (this.#messages.get(message.registration) === message) this.#messages.delete(message.registration);
  }

  #remember(registration: number, memory: number): void {
    // What is forgotten here is still in the registration, as of its last message.
    if (this.#memories.size >= keptMemories) this.#memories.clear();
    this.#memories.set(registration, memory);
  }

  #place(message: OutboxMessage, dueAt: number): void {
    if (dueAt === Infinity) {
      this.remove(message);
      message.dueAt = dueAt;
      return;
    }
    this.#messages.set(message.registration, message);
    if (message.dueAt === dueAt) return;
    message.dueAt = dueAt;
    this.#due.add(message);
  }
}
