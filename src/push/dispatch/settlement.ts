import type { PushPolicy } from '../../../sim/index.ts';
import type { PushHost } from '../push-engine.ts';
import type { Registration } from '../store/records.ts';
import type { RegistrationCache } from '../store/registration-cache.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import type { SendOutcome } from '../transports/transport.ts';
import { backoffMs } from './backoff.ts';
import type { Circuit } from './circuit.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { DispatchLimits } from './limits.ts';
import { repeatedMessage, type OutboxMessage } from './outbox-message.ts';
import type { Outbox } from './outbox.ts';

export interface SettlementParts {
  readonly store: SubscriptionStore;
  readonly cache: RegistrationCache;
  readonly host: Pick<PushHost, 'mayRead'>;
  readonly policy: PushPolicy;
  readonly limits: DispatchLimits;
  readonly now: () => number;
  readonly random: () => number;
}

type Failure = Exclude<SendOutcome, { kind: 'accepted' | 'gone' | 'away' }>;

/** Decides whether a message may leave, and what follows from what became of it. */
export class Settlement {
  readonly #parts: SettlementParts;
  readonly #outbox: Outbox;
  readonly #done: DeliveryLog;
  /** Messages whose client was away, by subscription. */
  readonly #held = new Map<number, Set<OutboxMessage>>();
  readonly counts = { sent: 0, retried: 0, failed: 0, removed: 0 };

  constructor(parts: SettlementParts, outbox: Outbox, done: DeliveryLog) {
    this.#parts = parts;
    this.#outbox = outbox;
    this.#done = done;
  }

  registrationOf(message: OutboxMessage): Registration | undefined {
    return this.#parts.cache.of(message.resource).get(message.registration);
  }

  /** The registration, if the message may leave: expiry, rights and age are asked now, not when the change came. */
  mayLeave(message: OutboxMessage, now: number): Registration | undefined {
    const registration = this.registrationOf(message);
    if (registration === undefined || registration.expiresAt <= now) return undefined;
    const { user, id } = registration.subscription;
    const tooOld = (message.attempts > 0 || message.held) && now >= this.#diesAt(message);
    if (tooOld) {
      this.counts.failed += 1;
      this.#held.get(id)?.delete(message);
    }
    const allowed = message.farewell || this.#parts.host.mayRead(user, message.resource);
    if (!tooOld && allowed) return registration;
    this.#finish(message, registration, undefined);
    return undefined;
  }

  /** `era` is that of the circuit when the message left. */
  settle(
    message: OutboxMessage,
    registration: Registration,
    outcome: SendOutcome,
    circuit: Circuit,
    era: number,
  ): void {
    const { subscription } = registration;
    const { store, now } = this.#parts;
    switch (outcome.kind) {
      case 'accepted':
        this.counts.sent += 1;
        circuit.succeeded();
        store.clearFailures(subscription.id);
        this.#finish(message, registration, now());
        break;
      case 'gone':
        circuit.succeeded();
        this.#remove(subscription.id);
        break;
      case 'away':
        this.#hold(message, subscription.id);
        break;
      default:
        this.#again(message, subscription.id, outcome, { circuit, era });
    }
  }

  /**
   * A client that was away is there. With a `position`, everything handed over after it is owed again: what was
   * written to a connection that broke may never have arrived.
   */
  arrived(registrations: readonly Registration[], position: number | undefined): void {
    const now = this.#parts.now();
    for (const registration of registrations) {
      for (const message of this.#held.get(registration.subscription.id) ?? []) {
        this.#outbox.reschedule(message, now);
      }
      this.#held.delete(registration.subscription.id);
      if (position !== undefined && registration.sentSeq > position) {
        this.#outbox.owe(repeatedMessage(registration, now), now);
      }
    }
  }

  #again(
    message: OutboxMessage,
    subscription: number,
    outcome: Failure,
    { circuit, era }: { readonly circuit: Circuit; readonly era: number },
  ): void {
    const { store, now, limits, random } = this.#parts;
    const at = now();
    const { refusals, since } = store.noteFailure(subscription, at, outcome.kind === 'refused');
    if (refusals >= limits.refusals || at - since >= limits.failingForMs) {
      this.#remove(subscription);
      return;
    }
    message.attempts += 1;
    this.counts.retried += 1;
    let delayMs = backoffMs(message.attempts, limits.backoff, random);
    if (outcome.kind === 'failed') circuit.failed(subscription, at, era);
    else if (outcome.kind === 'refused') circuit.succeeded();
    else {
      delayMs = Math.max(delayMs, outcome.retryAfterMs ?? 0);
      if (outcome.scope === 'origin') circuit.hold(at + delayMs);
    }
    this.#outbox.retry(message, at + delayMs);
  }

  /** Keeps a message until its client comes or it is too old. */
  #hold(message: OutboxMessage, subscription: number): void {
    message.held = true;
    this.#outbox.retry(message, this.#diesAt(message));
    const held = this.#held.get(subscription) ?? new Set();
    this.#held.set(subscription, held.add(message));
  }

  #diesAt(message: OutboxMessage): number {
    return message.lastAt + this.#parts.policy.message(message.importance).ttlSeconds * 1000;
  }

  #finish(message: OutboxMessage, registration: Registration, sentAt: number | undefined): void {
    registration.sentSeq = message.toSeq;
    if (sentAt !== undefined) registration.lastSentAt = sentAt;
    this.#done.add({
      registration: registration.id,
      seq: message.toSeq,
      at: sentAt,
      memory: this.#outbox.memoryOf(registration.id),
    });
  }

  #remove(subscription: number): void {
    this.counts.removed += 1;
    this.#parts.store.removeSubscription(subscription);
    this.#parts.cache.clear();
    this.#held.delete(subscription);
  }
}
