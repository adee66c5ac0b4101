import type { PushPolicy } from '../../../sim/index.ts';
import type { EngineTotals, PushHost } from '../push-engine.ts';
import type { ChangeLog } from '../store/change-log.ts';
import type { Registration } from '../store/records.ts';
import type { RegistrationCache } from '../store/registration-cache.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import type { PushTransport, SendOutcome } from '../transports/transport.ts';
import { backoffMs } from './backoff.ts';
import { concernedBy } from './concerned.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { Lane, type Place } from './lane.ts';
import type { DispatchLimits } from './limits.ts';
import { repeatedMessage, type OutboxMessage } from './outbox-message.ts';
import { Outbox } from './outbox.ts';

export interface DispatcherParts {
  readonly isBusy: () => boolean;
  readonly log: ChangeLog;
  readonly store: SubscriptionStore;
  readonly cache: RegistrationCache;
  readonly host: PushHost;
  readonly policy: PushPolicy;
  readonly transports: ReadonlyMap<string, PushTransport>;
  readonly topicOf: (resource: number) => string;
  readonly limits: DispatchLimits;
  readonly now: () => number;
  readonly random: () => number;
  readonly deliveryLog: (settledThrough: () => number) => DeliveryLog;
}

const readAtOnce = 1000;
const longestTimerMs = 2 ** 31 - 1;

/** Turns logged changes into messages and hands them over when the policy says so. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #outbox: Outbox;
  readonly #done: DeliveryLog;
  readonly #lanes = new Map<string, Lane>();
  readonly #onTheirWay = new Set<OutboxMessage>();
  readonly #closing = new AbortController();
  /** Messages whose client was away, by subscription. */
  readonly #held = new Map<number, Set<OutboxMessage>>();
  #readThrough = 0;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #counts = { sent: 0, retried: 0, failed: 0, removed: 0 };

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.policy);
    this.#done = parts.deliveryLog(() => this.#settledThrough());
  }

  /** Looks for new changes soon, after whatever transaction is under way. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      if (this.#parts.isBusy()) this.wake();
      else this.#run();
    });
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
    this.wake();
  }

  /** Writes down what has been handed over so far. */
  flush(): void {
    this.#done.flush();
  }

  totals(): EngineTotals {
    // Changes that were not looked at yet may become messages.
    const unread = this.#immediate === undefined ? 0 : 1;
    const pending = this.#outbox.size + this.#onTheirWay.size + unread;
    return { ...this.#counts, merged: this.#outbox.merged, pending };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    await Promise.all([...this.#parts.transports.values()].map((transport) => transport.close()));
    this.#done.flush();
  }

  #run(): void {
    this.#readLog();
    const now = this.#parts.now();
    for (
      let message = this.#outbox.takeDue(now);
      message !== undefined;
      message = this.#outbox.takeDue(now)
    ) {
      this.#enqueue(message);
    }
    let wakeAt = this.#outbox.nextAt();
    for (const [origin, lane] of this.#lanes) {
      this.#pump(lane, now);
      if (lane.idle) this.#lanes.delete(origin);
      else if (lane.waiting && lane.circuit.openUntil > now)
        wakeAt = Math.min(wakeAt, lane.circuit.openUntil);
    }
    clearTimeout(this.#timer);
    if (wakeAt === Infinity || this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.wake(), Math.min(longestTimerMs, Math.max(0, wakeAt - now)));
    this.#timer.unref();
  }

  #readLog(): void {
    const { log, cache, now } = this.#parts;
    for (;;) {
      const changes = log.after(this.#readThrough, readAtOnce);
      for (const change of changes) {
        let rank = 0;
        for (const registration of concernedBy(change, cache, now())) {
          this.#outbox.addChange(change, registration, rank);
          rank += 1;
        }
        this.#readThrough = change.seq;
      }
      if (changes.length < readAtOnce) return;
    }
  }

  #registrationOf(message: OutboxMessage): Registration | undefined {
    return this.#parts.cache.of(message.resource).get(message.registration);
  }

  #enqueue(message: OutboxMessage): void {
    const registration = this.#registrationOf(message);
    const transport = registration && this.#parts.transports.get(registration.subscription.transport);
    if (registration === undefined || transport === undefined) {
      this.#outbox.remove(message);
      return;
    }
    const origin = `${transport.name} ${transport.originOf(registration.subscription.address)}`;
    const lane = this.#lanes.get(origin) ?? new Lane(this.#parts.limits.lane, this.#parts.random);
    this.#lanes.set(origin, lane);
    lane.add(message, registration.subscription.id);
  }

  #pump(lane: Lane, now: number): void {
    while (this.#onTheirWay.size < this.#parts.limits.concurrency) {
      const next = lane.take(now);
      if (next === undefined) return;
      const { message } = next;
      this.#outbox.remove(message);
      const registration = this.#mayLeave(message, now);
      if (registration === undefined) lane.release(next);
      else void this.#deliver(next, registration, lane);
    }
  }

  async #deliver(place: Place, registration: Registration, lane: Lane): Promise<void> {
    const { message } = place;
    message.state = 'sending';
    this.#onTheirWay.add(message);
    const outcome = await this.#send(message, registration);
    this.#onTheirWay.delete(message);
    lane.release(place);
    if (!this.#closing.signal.aborted) this.#settle(message, registration, outcome, lane);
    this.wake();
  }

  /** Expiry, rights and age are asked when the message leaves, not when the change came. */
  #mayLeave(message: OutboxMessage, now: number): Registration | undefined {
    const registration = this.#registrationOf(message);
    if (registration === undefined || registration.expiresAt <= now) return undefined;
    const { host, policy } = this.#parts;
    const tooOld =
      (message.attempts > 0 || message.held) &&
      now >= message.lastAt + policy.message(message.importance).ttlSeconds * 1000;
    if (tooOld) this.#counts.failed += 1;
    if (tooOld || !host.mayRead(registration.subscription.user, message.resource)) {
      this.#finish(message, registration, undefined);
      return undefined;
    }
    return registration;
  }

  #send(message: OutboxMessage, { subscription }: Registration): Promise<SendOutcome> {
    const { transports, host, policy, topicOf, limits } = this.#parts;
    const transport = transports.get(subscription.transport);
    if (transport === undefined) return Promise.resolve({ kind: 'gone' });
    const { urgency, ttlSeconds, topic } = policy.message(message.importance);
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(limits.totalTimeoutMs)]);
    return transport.send(
      {
        user: subscription.user,
        address: subscription.address,
        details: subscription.details,
        resource: message.resource,
        message: {
          topic: topicOf(message.resource),
          content: message.content,
          property: message.property,
          syncToken: host.syncToken(message.resource),
        },
        urgency,
        ttlSeconds,
        // What replaces an undelivered message must tell all that the old one did.
        replaceable: topic && message.content && !message.property,
        changedAt: message.lastAt,
        position: message.toSeq,
      },
      signal,
    );
  }

  #settle(message: OutboxMessage, registration: Registration, outcome: SendOutcome, lane: Lane): void {
    const { subscription } = registration;
    const { store, now } = this.#parts;
    if (outcome.kind === 'accepted') {
      this.#counts.sent += 1;
      lane.circuit.succeeded();
      store.clearFailures(subscription.id);
      this.#finish(message, registration, now());
    } else if (outcome.kind === 'gone') {
      lane.circuit.succeeded();
      this.#remove(subscription.id);
    } else if (outcome.kind === 'away') this.#hold(message, subscription.id);
    else this.#again(message, registration, outcome, lane);
  }

  #again(
    message: OutboxMessage,
    { subscription }: Registration,
    outcome: Exclude<SendOutcome, { kind: 'accepted' | 'gone' | 'away' }>,
    lane: Lane,
  ): void {
    const { store, now, limits, random } = this.#parts;
    const at = now();
    const { refusals, since } = store.noteFailure(subscription.id, at, outcome.kind === 'refused');
    if (refusals >= limits.refusals || at - since >= limits.failingForMs) {
      this.#remove(subscription.id);
      return;
    }
    message.attempts += 1;
    this.#counts.retried += 1;
    let delayMs = backoffMs(message.attempts, limits.backoff, random);
    if (outcome.kind === 'failed') lane.circuit.failed(subscription.id, at);
    else if (outcome.kind === 'refused') lane.circuit.succeeded();
    else {
      delayMs = Math.max(delayMs, outcome.retryAfterMs ?? 0);
      if (outcome.scope === 'origin') lane.circuit.hold(at + delayMs);
    }
    this.#outbox.retry(message, at + delayMs);
  }

  /** Keeps a message until its client comes or it is too old. */
  #hold(message: OutboxMessage, subscription: number): void {
    const { ttlSeconds } = this.#parts.policy.message(message.importance);
    message.held = true;
    this.#outbox.retry(message, message.lastAt + ttlSeconds * 1000);
    const held = this.#held.get(subscription) ?? new Set();
    this.#held.set(subscription, held.add(message));
  }

  #finish(message: OutboxMessage, registration: Registration, sentAt: number | undefined): void {
    registration.sentSeq = message.toSeq;
    if (sentAt !== undefined) registration.lastSentAt = sentAt;
    this.#done.add({ registration: registration.id, seq: message.toSeq, at: sentAt });
  }

  #remove(subscription: number): void {
    this.#counts.removed += 1;
    this.#parts.store.removeSubscription(subscription);
    this.#parts.cache.clear();
  }

  #settledThrough(): number {
    let through = this.#readThrough;
    for (const messages of [this.#outbox.messages(), this.#onTheirWay]) {
      for (const message of messages) through = Math.min(through, message.fromSeq - 1);
    }
    return through;
  }
}
