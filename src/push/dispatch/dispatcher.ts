import type { EngineTotals, PushHost } from '../push-engine.ts';
import type { ChangeLog } from '../store/change-log.ts';
import type { Registration } from '../store/records.ts';
import type { PushTransport, SendOutcome } from '../transports/transport.ts';
import { concernedBy } from './concerned.ts';
import { deliveryOf, type DeliverySources } from './delivery-of.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { Lane, type Place } from './lane.ts';
import type { OutboxMessage } from './outbox-message.ts';
import { Outbox } from './outbox.ts';
import { SendTimes } from './send-times.ts';
import { Settlement, type SettlementParts } from './settlement.ts';

export interface DispatcherParts extends SettlementParts, DeliverySources {
  /** Whether the database is in a transaction that is not ours. */
  readonly isBusy: () => boolean;
  readonly log: ChangeLog;
  readonly host: PushHost;
  readonly transports: ReadonlyMap<string, PushTransport>;
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
  readonly #settlement: Settlement;
  readonly #sendTimes = new SendTimes();
  #readThrough = 0;
  /** There may be changes in the log that were not looked at. */
  #unread = false;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.policy);
    this.#done = parts.deliveryLog(() => this.#settledThrough());
    this.#settlement = new Settlement(parts, this.#outbox, this.#done);
  }

  /** Looks for new changes soon, after whatever transaction is under way. */
  wake(): void {
    if (this.#closed) return;
    this.#unread = true;
    this.#runSoon();
  }

  #runSoon(): void {
    if (this.#closed) return;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      if (this.#parts.isBusy()) this.#runSoon();
      else this.#run();
    });
  }

  /** A client that was away is there; see `Settlement.arrived`. */
  arrived(registrations: readonly Registration[], position: number | undefined): void {
    this.#settlement.arrived(registrations, position);
    this.wake();
  }

  /** Writes down what has been handed over so far. */
  flush(): void {
    this.#done.flush();
  }

  totals(): EngineTotals {
    // Changes that were not looked at yet may become messages.
    const pending = this.#outbox.size + this.#onTheirWay.size + (this.#unread ? 1 : 0);
    return { ...this.#settlement.counts, merged: this.#outbox.merged, pending };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    await Promise.all([...this.#parts.transports.values()].map((transport) => transport.close()));
    this.#done.flush();
  }

  #run(): void {
    if (this.#unread) this.#readLog();
    this.#unread = false;
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
      if (lane.idle && lane.circuit.forgettable(now)) this.#lanes.delete(origin);
      else if (lane.waiting && lane.circuit.openUntil > now)
        wakeAt = Math.min(wakeAt, lane.circuit.openUntil);
    }
    clearTimeout(this.#timer);
    if (wakeAt === Infinity || this.#closed) return;
    this.#timer = setTimeout(() => this.#runSoon(), Math.min(longestTimerMs, Math.max(0, wakeAt - now)));
    this.#timer.unref();
  }

  #readLog(): void {
    const { log, cache, now } = this.#parts;
    const backlogMs = this.#backlogMs(now());
    for (;;) {
      const changes = log.after(this.#readThrough, readAtOnce);
      for (const change of changes) {
        let rank = 0;
        for (const registration of concernedBy(change, cache, now())) {
          this.#outbox.addChange(change, registration, rank, backlogMs);
          rank += 1;
        }
        this.#readThrough = change.seq;
      }
      if (changes.length > 0) this.#done.pruneSoon();
      if (changes.length < readAtOnce) return;
    }
  }

  #enqueue(message: OutboxMessage): void {
    const registration = this.#settlement.registrationOf(message);
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
      const registration = this.#settlement.mayLeave(message, now);
      if (registration === undefined) lane.release(next);
      else void this.#deliver(next, registration, lane);
    }
  }

  async #deliver(place: Place, registration: Registration, lane: Lane): Promise<void> {
    const { message } = place;
    message.state = 'sending';
    this.#onTheirWay.add(message);
    const leftAt = this.#parts.now();
    const outcome = await this.#send(message, registration);
    this.#sendTimes.add(this.#parts.now() - leftAt);
    this.#onTheirWay.delete(message);
    lane.release(place);
    if (!this.#closed) this.#settlement.settle(message, registration, outcome, lane.circuit, place.era);
    this.#runSoon();
  }

  async #send(message: OutboxMessage, registration: Registration): Promise<SendOutcome> {
    const transport = this.#parts.transports.get(registration.subscription.transport);
    if (transport === undefined) return { kind: 'gone' };
    const { totalTimeoutMs } = this.#parts.limits;
    const timeout = new AbortController();
    const late = () => timeout.abort(new Error(`no answer within ${totalTimeoutMs} ms`));
    const timer = setTimeout(late, totalTimeoutMs);
    try {
      return await transport.send(deliveryOf(message, registration, this.#parts), timeout.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The wait at the busiest origin; one that is down says nothing of the load here. */
  #backlogMs(now: number): number {
    const up = [...this.#lanes.values()].filter(({ circuit }) => circuit.openUntil <= now);
    const longest = up.reduce((most, { size }) => Math.max(most, size), 0);
    return this.#sendTimes.backlogMs(longest, this.#parts.limits.lane.concurrency);
  }

  #settledThrough(): number {
    let through = this.#readThrough;
    for (const messages of [this.#outbox.messages(), this.#onTheirWay]) {
      for (const message of messages) through = Math.min(through, message.fromSeq - 1);
    }
    return through;
  }
}
