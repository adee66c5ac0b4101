import {
  busyUntil,
  connectionUsed,
  countRow,
  lastActive,
  row,
  scheduledAt,
  unseen,
} from '../device/index.ts';
import type { DeviceKind } from './device-kind.ts';
import type { World } from './world.ts';

/** A contact in a steady run of them. */
interface Shape {
  readonly promotes: boolean;
  readonly connects: boolean;
  /** From the start to the end of the contact, in ticks. */
  readonly length: number;
}

/**
 * Leaves out contacts that find nothing. A device with nothing to learn has no event pending; when something
 * happens to it, the contacts it made meanwhile are accounted for at once: with a steady schedule and nothing
 * drawn they are all alike. The sample path is that of `exact` as long as requests do not wait for each other.
 */
export class Elision {
  private readonly world: World;
  private readonly times: Float64Array;

  /** The server is not told of each request, so they are counted with the contacts. */
  readonly countsRequests: boolean;

  constructor(world: World, countsRequests: boolean) {
    this.world = world;
    this.countsRequests = countsRequests;
    this.times = world.devices.times;
  }

  /** Whether the device may sleep through its contacts until something happens. */
  sleeps(device: number, kind: DeviceKind): boolean {
    const at = row(device);
    return (
      kind.periodTicks > 0 &&
      this.world.subscriptionsOf(device) === 1 &&
      (this.world.devices.counts[countRow(device) + unseen] ?? 0) === 0 &&
      this.times[at + busyUntil] !== Infinity &&
      // A write that reaches into the next contact makes that one unlike others.
      (this.times[at + lastActive] ?? 0) <= (this.times[at + scheduledAt] ?? 0)
    );
  }

  /** Accounts for every contact of a sleeping device whose request has reached the server by `tick`. */
  catchUp(device: number, kind: DeviceKind, tick: number): void {
    if (!this.sleeps(device, kind)) return;
    const shape = steadyShape(kind, this.world);
    for (;;) {
      const start = this.times[row(device) + scheduledAt] ?? Infinity;
      if (start >= this.world.window.to || this.arrivalOf(device, kind, start) > tick) return;
      const alike = shape === undefined ? 0 : this.alikeUntil(device, kind, start, tick, shape);
      if (shape !== undefined && alike > 0) this.repeat(device, kind, start, alike, shape);
      else this.single(device, kind, start);
    }
  }

  /** Accounts for the contacts that every sleeping device made to the end of the window. */
  catchUpAll(): void {
    const { layout } = this.world;
    for (let device = 0; device < layout.devices; device += 1) {
      this.catchUp(device, this.world.kindOf(device), Infinity);
    }
  }

  /** When the request of the contact at `start` reaches the server. */
  private arrivalOf(device: number, kind: DeviceKind, start: number): number {
    const at = row(device);
    const ready = start + kind.radio.promotionAfter(start - (this.times[at + lastActive] ?? 0));
    const reused = ready - (this.times[at + connectionUsed] ?? 0) <= this.world.keepAlive;
    return (reused ? ready : ready + kind.connectLead) + kind.firstTicksUp + (kind.fixedRoundTrip >> 1);
  }

  /** Whether the next contact of a sleeping device is like the one before it. */
  isSteady(device: number, kind: DeviceKind): boolean {
    const shape = steadyShape(kind, this.world);
    return shape !== undefined && this.follows(device, kind, shape);
  }

  private follows(device: number, kind: DeviceKind, shape: Shape): boolean {
    const at = row(device);
    const last = this.times[at + lastActive] ?? 0;
    const start = this.times[at + scheduledAt] ?? 0;
    return (
      start - last === kind.periodTicks - shape.length &&
      last === this.times[at + connectionUsed] &&
      last === this.times[at + busyUntil]
    );
  }

  /** How many contacts from `start` on have the shape, by the end of the window and before `tick`. */
  private alikeUntil(device: number, kind: DeviceKind, start: number, tick: number, shape: Shape): number {
    if (!this.follows(device, kind, shape)) return 0;
    if ((this.times[row(device) + lastActive] ?? 0) < this.world.window.from) return 0;
    const room = Math.min(tick, this.world.window.to) - start - shape.length;
    return Math.max(0, Math.floor(room / kind.periodTicks) + 1);
  }

  private repeat(device: number, kind: DeviceKind, start: number, contacts: number, shape: Shape): void {
    const { length, promotes, connects } = shape;
    const { periodTicks, radio } = kind;
    const active = kind.firstTicksUp + kind.firstTicksDown + (connects ? kind.connectTicks : 0);
    const promotion = promotes ? radio.promotionTicksEach : 0;
    radio.repeat(contacts, periodTicks - length, promotes, active, length - promotion - active);
    kind.contacts += contacts;
    kind.emptyContacts += contacts;
    kind.polls += contacts;
    if (connects) kind.pollConnects += contacts;
    const first = this.arrivalOf(device, kind, start);
    for (let contact = 0; contact < contacts; contact += 1)
      this.countRequest(kind, first + contact * periodTicks);
    const lastStart = start + (contacts - 1) * periodTicks;
    this.leave(device, lastStart + length, lastStart + periodTicks);
  }

  private single(device: number, kind: DeviceKind, start: number): void {
    const { window, keepAlive } = this.world;
    const at = row(device);
    const last = this.times[at + lastActive] ?? 0;
    const arrival = this.arrivalOf(device, kind, start);
    const ready = start + kind.radio.promotionAfter(start - last);
    const connects = ready - (this.times[at + connectionUsed] ?? 0) > keepAlive;
    const half = kind.fixedRoundTrip >> 1;
    const uploaded = arrival - half;
    const back = arrival + (this.world.fixedService[kind.firstRequest] ?? 0) + half;
    const end = back + kind.firstTicksDown;
    const connecting = connects ? kind.connectTicks : 0;
    kind.radio.exchange(
      last,
      start,
      ready,
      connecting,
      uploaded - kind.firstTicksUp,
      uploaded,
      back,
      back,
      end,
    );
    if (start >= window.from) {
      kind.contacts += 1;
      kind.emptyContacts += 1;
    }
    if (ready >= window.from && ready < window.to) {
      kind.polls += 1;
      if (connects) kind.pollConnects += 1;
    }
    this.countRequest(kind, arrival);
    this.leave(device, end, start + kind.periodTicks);
  }

  private countRequest(kind: DeviceKind, tick: number): void {
    if (!this.countsRequests) return;
    const service = this.world.fixedService[kind.firstRequest] ?? 0;
    this.world.traffic.request(kind.firstRequest, tick, tick + service, service);
  }

  private leave(device: number, end: number, next: number): void {
    const at = row(device);
    this.times[at + lastActive] = end;
    this.times[at + connectionUsed] = end;
    this.times[at + busyUntil] = end;
    this.times[at + scheduledAt] = next;
  }
}

/** What each contact of a steady run costs depends on the rest before it, which depends on how long it takes: the shape that fits itself. */
export function steadyShape(kind: DeviceKind, world: World): Shape | undefined {
  const exchange =
    kind.firstTicksUp +
    2 * (kind.fixedRoundTrip >> 1) +
    (world.fixedService[kind.firstRequest] ?? 0) +
    kind.firstTicksDown;
  const shape = (promotes: boolean, connects: boolean): Shape => ({
    promotes,
    connects,
    length: (promotes ? kind.radio.promotionTicksEach : 0) + (connects ? kind.connectLead : 0) + exchange,
  });
  return [shape(true, true), shape(true, false), shape(false, true), shape(false, false)].find(
    ({ promotes, connects, length }) => {
      const resting = kind.periodTicks - length;
      const unused = resting + (promotes ? kind.radio.promotionTicksEach : 0);
      return (
        resting >= 0 && promotes === resting > kind.radio.awakeTicks && connects === unused > world.keepAlive
      );
    },
  );
}
