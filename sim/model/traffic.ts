import {
  byteCauses,
  causeOf,
  Histogram,
  type ByteCause,
  type CauseBytes,
  type ServerRecord,
} from '../metrics/index.ts';
import { perRequest, requestKinds, type PerRequest, type RequestCost, type RequestKind } from '../spec.ts';
import type { CountedWindow } from '../window.ts';

export const kindIndex = (kind: RequestKind): number => requestKinds.indexOf(kind);
export const causeIndex = (cause: ByteCause): number => byteCauses.indexOf(cause);

const secondTicks = 1e6;
export const perSecondTick = 1 / secondTicks;
const mostBins = 1440;

const secondsOf = ({ from, to }: CountedWindow): number => Math.max(1, Math.ceil((to - from) / secondTicks));

/** By the second of the counted time, how many runs of requests begin and end with one in it. */
interface Runs {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Counts bytes by cause, requests by kind and the load of the server over the counted time. */
export class Traffic {
  readonly response = new Histogram();
  private readonly window: CountedWindow;
  private readonly up = new Float64Array(byteCauses.length);
  private readonly down = new Float64Array(byteCauses.length);
  private readonly requests = new Float64Array(requestKinds.length);
  /** Requests of a constant service time that did not wait: all alike, so they are only counted. */
  private readonly unqueued = new Float64Array(requestKinds.length);
  private readonly fixedService: Float64Array;
  private readonly perSecond: Uint32Array;
  private readonly pushesPerSecond: Uint32Array;
  /** Runs of requests at steady intervals, by how many seconds these have. */
  private readonly runs = new Map<number, Runs>();
  private readonly secondsPerBin: number;
  private busyTicks = 0;
  private messageTicks = 0;
  private messageTicksBesides = 0;
  /** Whole numbers: their sum does not depend on the order in which a mode comes to them. */
  private responseTicks = 0;

  /** `fixedService`: service time by kind in ticks where it is constant, `NaN` elsewhere. */
  constructor(window: CountedWindow, fixedService: Float64Array) {
    this.window = window;
    this.fixedService = fixedService;
    const seconds = secondsOf(window);
    this.perSecond = new Uint32Array(seconds);
    this.pushesPerSecond = new Uint32Array(seconds);
    this.secondsPerBin = Math.ceil(seconds / mostBins);
  }

  /** Bins of the record's series. */
  get series(): { readonly binMs: number; readonly bins: number } {
    return {
      binMs: this.secondsPerBin * 1000,
      bins: Math.ceil(this.perSecond.length / this.secondsPerBin),
    };
  }

  /** Bytes beyond those that every request of a kind has in common. */
  bytes(tick: number, cause: number, up: number, down: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    this.up[cause] = (this.up[cause] ?? 0) + up;
    this.down[cause] = (this.down[cause] ?? 0) + down;
  }

  /** A request that arrived at `tick`, was done at `done` and took `service` of a worker. */
  request(kind: number, tick: number, done: number, service: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    const second = Math.floor((tick - this.window.from) * perSecondTick);
    this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
    if (done - tick === service && service === this.fixedService[kind]) {
      this.unqueued[kind] = (this.unqueued[kind] ?? 0) + 1;
      return;
    }
    this.requests[kind] = (this.requests[kind] ?? 0) + 1;
    this.busyTicks += service;
    this.response.add((done - tick) / 1000);
    this.responseTicks += done - tick;
  }

  /** A request of a constant service time that did not wait, in a second of the counted time; `prompts` counts it. */
  prompt(second: number): void {
    this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
  }

  /** So many requests that `prompt` was told of. */
  prompts(kind: number, count: number): void {
    this.unqueued[kind] = (this.unqueued[kind] ?? 0) + count;
  }

  /**
   * `count` requests of a constant service time that did not wait, all counted: the first arrived at `tick`, each of the
   * others `period` after the one before.
   */
  steady(kind: number, tick: number, count: number, period: number): void {
    this.unqueued[kind] = (this.unqueued[kind] ?? 0) + count;
    const second = Math.floor((tick - this.window.from) * perSecondTick);
    const step = period * perSecondTick;
    if (Number.isInteger(step) && count > 1) {
      const { starts, ends } = this.runsOf(step);
      starts[second] = (starts[second] ?? 0) + 1;
      const last = second + (count - 1) * step;
      ends[last] = (ends[last] ?? 0) + 1;
      return;
    }
    for (let index = 0; index < count; index += 1) {
      const second = Math.floor((tick + index * period - this.window.from) * perSecondTick);
      this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
    }
  }

  private runsOf(step: number): Runs {
    const known = this.runs.get(step);
    if (known !== undefined) return known;
    const seconds = this.perSecond.length;
    const made = { starts: new Uint32Array(seconds), ends: new Uint32Array(seconds) };
    this.runs.set(step, made);
    return made;
  }

  /** Bytes that every request of a kind has in common; they are counted with the request. */
  private inCommon(cause: ByteCause, costs: readonly RequestCost[]): { up: number; down: number } {
    const total = { up: 0, down: 0 };
    for (const kind of requestKinds) {
      if (causeOf[kind] !== cause) continue;
      const count = this.countOf(kind);
      total.up += (costs[kindIndex(kind)]?.up ?? 0) * count;
      total.down += (costs[kindIndex(kind)]?.down ?? 0) * count;
    }
    return total;
  }

  /** Work of the server, in ticks, that is neither a request nor a message. */
  work(tick: number, service: number): void {
    if (tick >= this.window.from && tick < this.window.to) this.busyTicks += service;
  }

  /** A push message that the server sent at `tick`, for which other threads took `besides` times as long as a worker. */
  push(tick: number, service: number, besides: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    const second = Math.floor((tick - this.window.from) / secondTicks);
    this.pushesPerSecond[second] = (this.pushesPerSecond[second] ?? 0) + 1;
    this.busyTicks += service;
    this.messageTicks += service;
    this.messageTicksBesides += service * besides;
  }

  /** Work for push messages so far, ms: of workers, and of other threads. */
  get messages(): { readonly workersMs: number; readonly besidesMs: number } {
    return { workersMs: this.messageTicks / 1000, besidesMs: this.messageTicksBesides / 1000 };
  }

  byCause(costs: readonly RequestCost[]): CauseBytes[] {
    return byteCauses.map((cause, index) => {
      const { up, down } = this.inCommon(cause, costs);
      return { cause, up: up + (this.up[index] ?? 0), down: down + (this.down[index] ?? 0) };
    });
  }

  byKind(): PerRequest<number> {
    return perRequest((kind) => this.countOf(kind));
  }

  private countOf(kind: RequestKind): number {
    const index = kindIndex(kind);
    return (this.requests[index] ?? 0) + (this.unqueued[index] ?? 0);
  }

  /** Notes the requests that were only counted; a record is made once. */
  private settle(): void {
    for (const [step, { starts, ends }] of this.runs) {
      // How many runs have a request in each second.
      const going = new Uint32Array(starts.length);
      for (let second = 0; second < going.length; second += 1) {
        const kept = second < step ? 0 : (going[second - step] ?? 0) - (ends[second - step] ?? 0);
        going[second] = kept + (starts[second] ?? 0);
        this.perSecond[second] = (this.perSecond[second] ?? 0) + (going[second] ?? 0);
      }
    }
    this.runs.clear();
    for (const [kind, count] of this.unqueued.entries()) {
      if (count === 0) continue;
      const service = this.fixedService[kind] ?? 0;
      this.response.add(service / 1000, count);
      this.responseTicks += service * count;
      this.busyTicks += service * count;
    }
    this.response.sum = this.responseTicks / 1000;
  }

  /** Requests by the second of the counted time, once the record is made. */
  get requestsPerSecond(): Uint32Array {
    return this.perSecond;
  }

  server(): ServerRecord {
    this.settle();
    return {
      requests: requestKinds.reduce((sum, kind) => sum + this.countOf(kind), 0),
      peakPerSecond: this.perSecond.reduce((most, count) => Math.max(most, count), 0),
      busyMs: this.busyTicks / 1000,
      responseMs: this.response.toData(),
      series: {
        binMs: this.secondsPerBin * 1000,
        requests: this.binned(this.perSecond),
        pushes: this.binned(this.pushesPerSecond),
      },
    };
  }

  private binned(perSecond: Uint32Array): number[] {
    // The counted time may have ended before it was to.
    const seconds = secondsOf(this.window);
    const bins = Array.from({ length: Math.ceil(seconds / this.secondsPerBin) }, () => 0);
    for (let second = 0; second < seconds; second += 1) {
      const bin = Math.floor(second / this.secondsPerBin);
      bins[bin] = (bins[bin] ?? 0) + (perSecond[second] ?? 0);
    }
    return bins;
  }
}
