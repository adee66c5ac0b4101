import {
  byteCauses,
  Histogram,
  type ByteCause,
  type CauseBytes,
  type ServerRecord,
} from '../metrics/index.ts';
import { requestKinds, type RequestKind } from '../spec.ts';
import type { CountedWindow } from './window.ts';

export const kindIndex = (kind: RequestKind): number => requestKinds.indexOf(kind);
export const causeIndex = (cause: ByteCause): number => byteCauses.indexOf(cause);

const secondTicks = 1e6;
const mostBins = 1440;

/** Counts bytes by cause, requests by kind and the load of the server over the counted time. */
export class Traffic {
  readonly response = new Histogram();
  private readonly window: CountedWindow;
  private readonly up = new Float64Array(byteCauses.length);
  private readonly down = new Float64Array(byteCauses.length);
  private readonly requests = new Float64Array(requestKinds.length);
  private readonly perSecond: Uint32Array;
  private readonly requestBins: number[];
  private readonly pushBins: number[];
  private readonly binTicks: number;
  private busyTicks = 0;

  constructor(window: CountedWindow) {
    this.window = window;
    const seconds = Math.max(1, Math.ceil((window.to - window.from) / secondTicks));
    this.perSecond = new Uint32Array(seconds);
    const secondsPerBin = Math.ceil(seconds / mostBins);
    this.binTicks = secondsPerBin * secondTicks;
    const bins = Math.ceil(seconds / secondsPerBin);
    this.requestBins = Array.from({ length: bins }, () => 0);
    this.pushBins = Array.from({ length: bins }, () => 0);
  }

  bytes(tick: number, cause: number, up: number, down: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    this.up[cause] = (this.up[cause] ?? 0) + up;
    this.down[cause] = (this.down[cause] ?? 0) + down;
  }

  /** A request that arrived at `tick`, was done at `done` and took `service` of a worker. */
  request(kind: number, tick: number, done: number, service: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    const elapsed = tick - this.window.from;
    this.requests[kind] = (this.requests[kind] ?? 0) + 1;
    const second = Math.floor(elapsed / secondTicks);
    this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
    const bin = Math.floor(elapsed / this.binTicks);
    this.requestBins[bin] = (this.requestBins[bin] ?? 0) + 1;
    this.busyTicks += service;
    this.response.add((done - tick) / 1000);
  }

  /** A push message that the server sent at `tick`. */
  push(tick: number, service: number): void {
    if (tick < this.window.from || tick >= this.window.to) return;
    const bin = Math.floor((tick - this.window.from) / this.binTicks);
    this.pushBins[bin] = (this.pushBins[bin] ?? 0) + 1;
    this.busyTicks += service;
  }

  byCause(): CauseBytes[] {
    return byteCauses.map((cause, index) => ({
      cause,
      up: this.up[index] ?? 0,
      down: this.down[index] ?? 0,
    }));
  }

  byKind(): Record<RequestKind, number> {
    const count = (kind: RequestKind) => this.requests[kindIndex(kind)] ?? 0;
    return {
      'sync-token': count('sync-token'),
      'sync-collection': count('sync-collection'),
      multiget: count('multiget'),
      put: count('put'),
      delete: count('delete'),
      register: count('register'),
    };
  }

  server(): ServerRecord {
    return {
      requests: this.requests.reduce((sum, count) => sum + count, 0),
      peakPerSecond: this.perSecond.reduce((most, count) => Math.max(most, count), 0),
      busyMs: this.busyTicks / 1000,
      responseMs: this.response.toData(),
      series: { binMs: this.binTicks / 1000, requests: this.requestBins, pushes: this.pushBins },
    };
  }
}
