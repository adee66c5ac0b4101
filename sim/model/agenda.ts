import { busyUntil, row, scheduledAt, startOf } from '../device/index.ts';
import { nearest, uniform } from '../kernel/index.ts';
import type { SyncMoment } from '../policy/index.ts';
import type { DeviceKind } from './device-kind.ts';
import type { World } from './world.ts';

/** When each device is to make contact, as its policy says: by schedule, and because of a push. */
export class Agenda {
  private readonly world: World;
  private readonly times: Float64Array;
  /** When a push leads to a contact, by device; `Infinity` for never. Empty when no device is pushed. */
  private readonly pushedAt: Float64Array;
  private readonly memory: Float64Array;
  /** Every device is reachable at all times. */
  private readonly reachable: boolean;
  /** No operating system has a say in when contacts start. */
  private readonly ungated: boolean;
  /** By subscription, 1 when a push announced news that its device has not asked about yet; empty unless policies care. */
  private readonly pushedPlaces: Uint8Array;
  private readonly moment: SyncMoment;
  private momentDevice = 0;
  /** How often the policy drew for the first contact of a device, after which the policies of some fleets draw no more. */
  private firstDraws = 0;

  constructor(world: World) {
    this.world = world;
    this.times = world.devices.times;
    const { devices } = world.layout;
    this.reachable = world.whereabouts.every(({ always, ungated }) => always && ungated);
    this.ungated = world.whereabouts.every(({ ungated }) => ungated);
    const partial = world.kinds.some(({ pushed, policy }) => pushed && policy.pushedOnly === true);
    this.pushedPlaces = new Uint8Array(partial ? world.known.length : 0);
    this.pushedAt = new Float64Array(world.kinds.some((kind) => kind.pushed) ? devices : 0).fill(Infinity);
    this.memory = new Float64Array(world.kinds.some((kind) => kind.policy.remembers) ? devices : 0);
    this.moment = {
      now: 0.5,
      scheduled: 0.5,
      learned: 0,
      retryAfterMs: NaN,
      paceMs: NaN,
      known: false,
      zoneMs: 0,
      memory: 0.5,
      random: () => this.draw(),
    };
  }

  /** When the next contact can start, in ticks; `Infinity` during one. */
  dueAt(device: number): number {
    const at = row(device);
    const scheduled = this.times[at + scheduledAt] ?? Infinity;
    const free = this.times[at + busyUntil] ?? 0;
    if (!this.ungated) return this.allowedAt(device, scheduled, free);
    if (this.pushedAt.length === 0) return this.online(device, scheduled > free ? scheduled : free);
    const pushed = this.pushedAt[device] ?? Infinity;
    const wanted = scheduled < pushed ? scheduled : pushed;
    return this.online(device, wanted > free ? wanted : free);
  }

  /** As `dueAt`, where an operating system decides when a scheduled contact runs; one that a user makes needs no leave. */
  private allowedAt(device: number, scheduled: number, free: number): number {
    const { world } = this;
    const wanted = scheduled > free ? scheduled : free;
    const byUser = world.kindOf(device).policy.byUser === true;
    const allowed =
      byUser || wanted === Infinity
        ? this.online(device, wanted)
        : world.whereaboutsOf(device).contactAt(device, wanted);
    const pushed = this.pushedAt[device] ?? Infinity;
    const answered = this.online(device, pushed > free ? pushed : free);
    return answered < allowed ? answered : allowed;
  }

  private online(device: number, tick: number): number {
    return this.reachable || tick === Infinity ? tick : this.world.onlineAt(device, tick);
  }

  /** A contact starts at `tick`: whatever was due by then is served by it. Returns whether the schedule was. */
  begin(device: number, tick: number): boolean {
    if ((this.pushedAt[device] ?? Infinity) <= tick) this.pushedAt[device] = Infinity;
    const scheduled = (this.times[row(device) + scheduledAt] ?? Infinity) <= tick;
    if (scheduled && !this.ungated) this.world.whereaboutsOf(device).began(device, tick);
    return scheduled;
  }

  /** The places that pushes announced news of, which count as asked about from now on. */
  takePushed(device: number): number[] {
    const first = this.world.firstSubscriptionOf(device);
    const places: number[] = [];
    // One that is still to lead to a contact keeps its place.
    if ((this.pushedAt[device] ?? Infinity) !== Infinity) return places;
    for (let place = this.world.subscriptionsOf(device) - 1; place >= 0; place -= 1) {
      if (this.pushedPlaces[first + place] !== 1) continue;
      this.pushedPlaces[first + place] = 0;
      places.push(place);
    }
    return places;
  }

  /** Schedules the device's first contact. */
  first(device: number, kind: DeviceKind): void {
    const { world } = this;
    const devices = world.block?.fleetDevices ?? world.layout.devices;
    const start = startOf(kind.group, world.idOf(device), devices) * 1000;
    this.firstDraws = 0;
    this.look(device, start, start, 0);
    this.set(device, kind.policy.first(this.moment));
  }

  /** Schedules the contact after a scheduled one that ended at `tick`; none when the device is to settle. */
  next(device: number, kind: DeviceKind, tick: number, learned: number, settled: boolean): void {
    this.look(device, tick, this.times[row(device) + scheduledAt] ?? 0, learned);
    this.set(device, settled ? Infinity : kind.policy.next(this.moment));
  }

  /** As `next`, for devices that go on; one on a steady schedule need not ask its policy. */
  goOn(device: number, kind: DeviceKind, tick: number, learned: number): void {
    const at = row(device) + scheduledAt;
    const next = (this.times[at] ?? 0) + kind.wholePeriod;
    if (kind.wholePeriod > 0 && next > tick) this.times[at] = next;
    else this.next(device, kind, tick, learned, false);
  }

  /** A push about a collection reached the device at `tick`; returns whether that brings its next contact forward. */
  pushed(device: number, kind: DeviceKind, tick: number, place: number, known: boolean): boolean {
    this.look(device, tick, this.times[row(device) + scheduledAt] ?? Infinity, 0);
    this.moment.known = known;
    let answer = nearest(kind.policy.onPush(this.moment) * 1000);
    if (this.memory.length > 0) this.memory[device] = this.moment.memory;
    if (!this.ungated) answer = this.world.whereaboutsOf(device).pushedContactAt(device, tick, answer);
    const at = answer > tick ? answer : tick;
    if (answer !== Infinity && this.pushedPlaces.length > 0) {
      this.pushedPlaces[this.world.firstSubscriptionOf(device) + place] = 1;
    }
    if (answer === Infinity || at >= (this.pushedAt[device] ?? Infinity)) return false;
    this.pushedAt[device] = at;
    return true;
  }

  private look(device: number, now: number, scheduled: number, learned: number): void {
    const { moment } = this;
    this.momentDevice = device;
    moment.now = now / 1000;
    moment.scheduled = scheduled / 1000;
    moment.learned = learned;
    if (this.world.layout.zoneMsOfUser.length > 0) {
      moment.zoneMs = this.world.whereaboutsOf(device).zoneMs(device);
    }
    const { guard } = this.world;
    if (guard !== undefined) {
      moment.retryAfterMs = guard.refusedForMs[device] ?? NaN;
      moment.paceMs = guard.paceMs[device] ?? NaN;
    }
    if (this.memory.length > 0) moment.memory = this.memory[device] ?? 0;
  }

  private set(device: number, atMs: number): void {
    this.times[row(device) + scheduledAt] = nearest(atMs * 1000);
    if (this.memory.length > 0) this.memory[device] = this.moment.memory;
  }

  private draw(): number {
    const { policyDraws } = this.world.devices;
    const index = policyDraws.length > 0 ? (policyDraws[this.momentDevice] ?? 0) : this.firstDraws;
    if (policyDraws.length > 0) policyDraws[this.momentDevice] = index + 1;
    else this.firstDraws = index + 1;
    return uniform(this.world.keys.policy, this.world.idOf(this.momentDevice), index);
  }
}
