import { uniform } from '../kernel/index.ts';
import { patientRetries, retryWaitMs } from '../network/index.ts';
import { Availability, Pacing, WaitingRoom, type FifoServer } from '../server/index.ts';
import type { AcceptSpec, RunSpec } from '../spec.ts';
import type { CountedWindow } from '../window.ts';
import type { Contact } from './contact.ts';
import type { DeviceKind } from './device-kind.ts';
import { Failures, type FailureKind } from './failures.ts';
import type { Exchange } from './exchange.ts';
import type { Traffic } from './traffic.ts';

/** What is guarded: a server, its books, and the draws of its devices. */
interface Guarded {
  readonly spec: Pick<RunSpec, 'server'>;
  readonly window: CountedWindow;
  readonly layout: { readonly devices: number };
  readonly server: FifoServer;
  readonly traffic: Traffic;
  readonly keys: { readonly retry: number };
  nextDraw(device: number): number;
}

/** What becomes of requests that the guard has its say about. */
interface Handling {
  lastService: number;
  serviceTicks(device: number, request: number, tick: number): number;
  sentInVain(exchange: Exchange, tick: number): void;
  answeredInVain(exchange: Exchange, tick: number): void;
  receiveRefusal(exchange: Exchange, tick: number, done: number, bytes: number): number;
}

/**
 * The way of requests to a server that may be full, away or too slow, and what devices know of that. `attempt` and
 * `reach` tell of a failure by `NaN`; what it was stands in the fields then. Times are ticks unless named otherwise.
 */
export class Guard {
  readonly availability: Availability;
  readonly failures: Failures;
  /** Of the last failure: when the device knew, and for how long the server asked to be left alone, `NaN` for no time. */
  failedAt = 0;
  retryAfterMs = NaN;
  /** When the server was done with a request that timed out all the same; `Infinity` when it never is. */
  doneAt = Infinity;
  /** By device: end of the last contact that was not given up; until when it stays away; what it was last told. */
  readonly settledAt: Float64Array;
  readonly refusedForMs: Float64Array;
  readonly paceMs: Float64Array;
  private readonly world: Guarded;
  private readonly accept: AcceptSpec | undefined;
  private readonly waiting: WaitingRoom | undefined;
  private readonly pacing: Pacing | undefined;
  private brokeAt = -Infinity;

  constructor(world: Guarded) {
    const { server } = world.spec;
    const { devices } = world.layout;
    const { binMs, bins } = world.traffic.series;
    this.world = world;
    this.accept = server.accept;
    this.waiting = server.accept && new WaitingRoom(server.accept.queue);
    this.availability = new Availability(server.restarts ?? []);
    this.pacing = server.pacing && new Pacing(server.pacing, server.workers);
    this.failures = new Failures(world.window, binMs, bins);
    this.settledAt = new Float64Array(devices);
    this.refusedForMs = new Float64Array(devices).fill(NaN);
    this.paceMs = new Float64Array(this.pacing === undefined ? 0 : devices).fill(NaN);
  }

  /** A new connection asked for at `ready`: fails when nobody listens. */
  reach(ready: number, roundTrip: number): boolean {
    const arrival = ready + (roundTrip >> 1);
    if (!this.availability.isDown(arrival)) return true;
    this.fail('unreachable', arrival, ready + roundTrip);
    return false;
  }

  /** A request sent at `sentAt` reaches the server at `tick`; returns when it is done, `NaN` when the device gets no answer. */
  attempt(requests: Handling, exchange: Exchange, sentAt: number, tick: number): number {
    const { device, kind, request, roundTrip } = exchange;
    const half = roundTrip >> 1;
    const deadline = sentAt + kind.timeoutTicks;
    this.notice(tick);
    if (this.availability.isDown(tick)) {
      return this.fail('unreachable', tick, Math.min(tick + half, deadline));
    }
    const service = requests.serviceTicks(device, request, tick);
    this.pacing?.note(tick, service);
    if (this.isFull(tick)) return this.refuse(requests, exchange, tick);
    const wait = this.world.server.enqueue(tick, service, request);
    if (wait > 0) this.waiting?.enter(tick + wait);
    const done = tick + wait + service;
    const breakAt = this.availability.nextBreak(tick);
    if (done > breakAt) {
      requests.sentInVain(exchange, tick);
      return this.fail('broken', tick, Math.min(breakAt + half, deadline));
    }
    this.world.traffic.request(request, tick, done, service);
    requests.lastService = service;
    if (done + half > deadline) {
      requests.answeredInVain(exchange, tick);
      const failed = this.fail('timedOut', tick, deadline);
      this.doneAt = done;
      return failed;
    }
    if (this.pacing !== undefined) this.paceMs[device] = this.pacing.intervalMs;
    return done;
  }

  /** Work other than requests of devices, at `tick`. Returns when it is done. */
  work(tick: number, service: number): number {
    this.notice(tick);
    this.pacing?.note(tick, service);
    return this.world.server.serve(tick, service);
  }

  /** When the device tries again after the failure of a request that reached the server at `tick`; `NaN` when it gives up. */
  retryAt(device: number, kind: DeviceKind, tries: number, tick: number, insist = false): number {
    const rules = kind.group.client.retries ?? patientRetries;
    const gives = tries > rules.most && !insist;
    this.failures.settle(tick, !gives);
    if (gives) return NaN;
    return this.failedAt + Math.round(retryWaitMs(rules, tries, this.retryAfterMs, this.draw(device)) * 1000);
  }

  /** By how much a device puts off a retry, uniform in (0, 1). */
  draw(device: number): number {
    return uniform(this.world.keys.retry, device, this.world.nextDraw(device));
  }

  /** A contact ended at `tick`; returns until when the device starts no other. */
  ended({ device, kind, givenUp, retryAfterMs }: Contact, tick: number): number {
    this.refusedForMs[device] = givenUp ? retryAfterMs : NaN;
    if (!givenUp) {
      this.settledAt[device] = tick;
      return tick;
    }
    const obeys = kind.group.client.retries?.obeysRetryAfter === true && retryAfterMs > 0;
    return obeys ? tick + Math.round(retryAfterMs * 1000) : tick;
  }

  private isFull(tick: number): boolean {
    const { accept, waiting } = this;
    if (accept === undefined || waiting === undefined || this.world.server.isFree(tick)) return false;
    return waiting.count(tick) >= accept.queue;
  }

  private refuse(requests: Handling, exchange: Exchange, tick: number): number {
    const { refuseMs = 0, bytes = 0, retryAfterMs = NaN } = this.accept ?? {};
    const work = Math.round(refuseMs * 1000);
    // It takes its time from a worker, whose queue it does not join.
    this.world.server.enqueue(tick, work);
    const failed = this.fail('refused', tick, requests.receiveRefusal(exchange, tick, tick + work, bytes));
    this.retryAfterMs = retryAfterMs;
    return failed;
  }

  /** After a restart the workers begin with nothing to do. */
  private notice(tick: number): void {
    const broke = this.availability.lastBreak(tick);
    if (broke === this.brokeAt) return;
    this.brokeAt = broke;
    this.waiting?.clear();
    this.world.server.clear(this.availability.upAt(broke));
  }

  private fail(kind: FailureKind, tick: number, failedAt: number): number {
    this.failures.note(kind, tick);
    this.failedAt = failedAt;
    this.retryAfterMs = NaN;
    this.doneAt = Infinity;
    return NaN;
  }
}
