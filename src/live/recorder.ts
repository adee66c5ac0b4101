import {
  byteCauses,
  causeOf,
  Histogram,
  perRequest,
  RadioMeter,
  requestKinds,
  type ByteCause,
  type CauseBytes,
  type FailureRecord,
  type FleetLayout,
  type GeneratorRecord,
  type GroupRecord,
  type RequestKind,
  type RunSpec,
  type ServerRecord,
} from '../../sim/index.ts';
import type { ByteCount, Exchange } from '../client/index.ts';
import { CountedTime } from './counted-time.ts';
import { FailureCounts, type FailureKind } from './retries.ts';

const secondMs = 1000;
const mostBins = 1440;

/** Counts what the devices do in the counted time. Everything is put down to the instant at which it started. */
export class Recorder {
  readonly counted: CountedTime;
  readonly lag = new Histogram();
  failures = 0;
  readonly #spec: RunSpec;
  readonly #layout: FleetLayout;
  readonly #meters: readonly RadioMeter[];
  readonly #requests = new Map<RequestKind, number>(requestKinds.map((kind) => [kind, 0]));
  readonly #bytes = new Map(byteCauses.map((cause) => [cause, { up: 0, down: 0 }]));
  readonly #contacts: { contacts: number; emptyContacts: number }[];
  readonly #response = new Histogram();
  readonly #service = new Histogram();
  readonly #perSecond: number[];
  readonly #pushesPerSecond: number[];
  readonly #failed: FailureCounts;
  delivered = 0;
  lostPushes = 0;

  constructor(spec: RunSpec, layout: FleetLayout) {
    this.#spec = spec;
    this.#layout = layout;
    this.counted = new CountedTime(spec);
    const { fromMs, toMs } = this.counted;
    this.#meters = Array.from({ length: layout.devices }, (_, device) => {
      const group = this.#groupOf(device);
      return new RadioMeter(group.radio, fromMs, toMs);
    });
    this.#contacts = spec.deviceGroups.map(() => ({ contacts: 0, emptyContacts: 0 }));
    const seconds = Math.max(1, Math.ceil(spec.durationMs / secondMs));
    this.#perSecond = Array.from({ length: seconds }, () => 0);
    this.#failed = new FailureCounts(seconds);
    this.#pushesPerSecond = Array.from({ length: seconds }, () => 0);
  }

  /** One request of a device; `intendedAt` is when it should have started. */
  exchange(device: number, { kind, startedAt, endedAt, bytes }: Exchange, intendedAt: number): void {
    this.#transfer(device, bytes, startedAt, endedAt - startedAt);
    if (kind === 'discovery' || !this.counted.includes(startedAt)) return;
    this.#requests.set(kind, (this.#requests.get(kind) ?? 0) + 1);
    this.#addBytes(causeOf[kind], bytes);
    this.#response.add(endedAt - intendedAt);
    this.#service.add(endedAt - startedAt);
    this.#count(this.#perSecond, startedAt);
  }

  /** A new connection of a device. */
  connected(bytes: ByteCount, atMs: number): void {
    if (this.counted.includes(atMs)) this.#addBytes('connect', bytes);
  }

  /** A push message reached a device. */
  pushed(device: number, bytes: ByteCount, atMs: number): void {
    this.#transfer(device, bytes, atMs, 0);
    if (!this.counted.includes(atMs)) return;
    this.delivered += 1;
    this.#addBytes('push', bytes);
    this.#count(this.#pushesPerSecond, atMs);
  }

  /** A request had no answer, or was refused. */
  failed(kind: FailureKind, isRetried: boolean, atMs: number): void {
    if (!this.counted.includes(atMs)) return;
    this.#failed.add(kind, isRetried, Math.floor((atMs - this.counted.fromMs) / secondMs));
  }

  failureRecord(): FailureRecord | undefined {
    return this.#failed.record((perSecond) => sumBins(perSecond, this.#perBin));
  }

  /** A push message vanished. */
  lost(atMs: number): void {
    if (this.counted.includes(atMs)) this.lostPushes += 1;
  }

  contact(device: number, startedAt: number, learned: number): void {
    if (!this.counted.includes(startedAt)) return;
    const group = this.#contacts[this.#layout.groupOfDevice[device] ?? 0];
    if (group === undefined) return;
    group.contacts += 1;
    if (learned === 0) group.emptyContacts += 1;
  }

  /** How much later than it could something started. */
  lagged(lagMs: number, atMs: number): void {
    if (this.counted.includes(atMs)) this.lag.add(Math.max(0, lagMs));
  }

  groups(): GroupRecord[] {
    const groups = this.#spec.deviceGroups.map(({ name }, index) => ({
      name,
      devices: 0,
      contacts: this.#contacts[index]?.contacts ?? 0,
      emptyContacts: this.#contacts[index]?.emptyContacts ?? 0,
      wakeUps: 0,
      energyJ: { promotion: 0, active: 0, tail: 0, idle: 0 },
    }));
    for (const [device, meter] of this.#meters.entries()) {
      const group = groups[this.#layout.groupOfDevice[device] ?? 0];
      if (group === undefined) continue;
      const reading = meter.finish();
      group.devices += 1;
      group.wakeUps += reading.wakeUps;
      group.energyJ.promotion += reading.energyJ.promotion;
      group.energyJ.active += reading.energyJ.active;
      group.energyJ.tail += reading.energyJ.tail;
      group.energyJ.idle += reading.energyJ.idle;
    }
    return groups;
  }

  requests(): Record<RequestKind, number> {
    return perRequest((kind) => this.#requests.get(kind) ?? 0);
  }

  bytes(): CauseBytes[] {
    return byteCauses.map((cause) => ({ cause, ...(this.#bytes.get(cause) ?? { up: 0, down: 0 }) }));
  }

  get #perBin(): number {
    return Math.ceil(this.#perSecond.length / mostBins);
  }

  /** `busyMs` is the processor time of the server, as far as it is known. */
  server(busyMs: number): ServerRecord {
    const perBin = this.#perBin;
    return {
      requests: this.#perSecond.reduce((sum, count) => sum + count, 0),
      peakPerSecond: Math.max(...this.#perSecond),
      busyMs,
      responseMs: this.#service.toData(),
      series: {
        binMs: perBin * secondMs,
        requests: sumBins(this.#perSecond, perBin),
        pushes: sumBins(this.#pushesPerSecond, perBin),
      },
    };
  }

  generator(): GeneratorRecord {
    return {
      lagMs: this.lag.toData(),
      responseMs: this.#response.toData(),
      serviceMs: this.#service.toData(),
      failures: this.failures,
    };
  }

  #groupOf(device: number): RunSpec['deviceGroups'][number] {
    const group = this.#spec.deviceGroups[this.#layout.groupOfDevice[device] ?? 0];
    if (group === undefined) throw new RangeError(`device ${device} is in no group`);
    return group;
  }

  /** What began before the run has no time on its clock: set-up, and messages sent while the fleet was away. */
  #transfer(device: number, { up, down }: ByteCount, startedAt: number, durationMs: number): void {
    if (!Number.isNaN(startedAt)) this.#meters[device]?.transfer(startedAt, up, down, durationMs);
  }

  #addBytes(cause: ByteCause, { up, down }: ByteCount): void {
    const total = this.#bytes.get(cause);
    if (total === undefined) return;
    total.up += up;
    total.down += down;
  }

  #count(perSecond: number[], atMs: number): void {
    const second = Math.floor((atMs - this.counted.fromMs) / secondMs);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
  }
}

function sumBins(perSecond: readonly number[], perBin: number): number[] {
  const bins = Array.from({ length: Math.ceil(perSecond.length / perBin) }, () => 0);
  for (const [second, count] of perSecond.entries()) {
    const bin = Math.floor(second / perBin);
    bins[bin] = (bins[bin] ?? 0) + count;
  }
  return bins;
}
