import { row, scheduledAt } from '../device/index.ts';
import { orderByTime } from '../workload/index.ts';
import type { DeviceKind } from './device-kind.ts';
import { steadyShape, type Elision } from './elision.ts';
import type { World } from './world.ts';

/** What the wheel does with a device: nothing, serve its request, or let it pass once and then serve it. */
const off = 0;
const rides = 1;
const passes = 2;

/**
 * The steady polls of one device group, without an event for any of them: with one period for all, requests reach
 * the server in the same order every turn, so devices are sorted by phase once. Only the server sees each request;
 * what a device itself did is accounted for when something happens to it, as `Elision` does.
 */
export class Wheel {
  private readonly world: World;
  private readonly elision: Elision;
  private readonly kind: DeviceKind;
  private readonly devices: Int32Array;
  private readonly phases: Float64Array;
  /** Devices on the wheel now: those whose next contact is like the one before. */
  private readonly on: Uint8Array;
  private readonly places: Int32Array;
  private readonly end: number;
  private readonly slow: (device: number) => void;
  private turn = 0;
  private cursor = 0;

  /** `places` says where each device of the group stands on its wheel; `slow` makes a contact that has to wait. */
  constructor(
    world: World,
    elision: Elision,
    kind: DeviceKind,
    places: Int32Array,
    slow: (device: number) => void,
  ) {
    this.world = world;
    this.elision = elision;
    this.kind = kind;
    this.places = places;
    this.slow = slow;
    const lead = leadOf(kind, world);
    // Contacts after the counted time, one for each device, still keep the server busy for those that learn late.
    this.end = world.window.to + kind.periodTicks + lead;
    const members = membersOf(world, kind);
    const phases = new Float64Array(members.length);
    for (let place = 0; place < phases.length; place += 1) {
      const scheduled = world.devices.times[row(members[place] ?? 0) + scheduledAt] ?? 0;
      phases[place] = (scheduled + lead) % kind.periodTicks;
    }
    const order = orderByTime(phases, kind.periodTicks);
    this.devices = new Int32Array(members.length);
    this.phases = new Float64Array(members.length);
    for (let place = 0; place < members.length; place += 1) {
      this.devices[place] = members[order[place] ?? 0] ?? 0;
      this.phases[place] = phases[order[place] ?? 0] ?? 0;
    }
    this.on = new Uint8Array(members.length);
    for (let place = 0; place < members.length; place += 1) places[this.devices[place] ?? 0] = place;
  }

  /** When the next request of the wheel reaches the server; `Infinity` after the end. */
  get nextTick(): number {
    const tick = this.turn + (this.phases[this.cursor] ?? Infinity);
    return tick < this.end ? tick : Infinity;
  }

  /** Puts the device on the wheel if its next contact is like the one before; false when it needs an event. */
  join(device: number): boolean {
    if (!this.elision.isSteady(device, this.kind)) return false;
    const place = this.places[device] ?? 0;
    const ahead = this.turn + (place < this.cursor ? this.kind.periodTicks : 0) + (this.phases[place] ?? 0);
    // The contact that it comes from was at its place of this very turn, which the wheel has still to pass.
    this.on[place] = ahead > this.world.queue.tick ? rides : passes;
    return true;
  }

  leave(device: number): void {
    this.on[this.places[device] ?? 0] = off;
  }

  /** Serves requests up to (tick, entity) in order; stops early, with true, when one had to wait and took the long way. */
  runUntil(tick: number, entity: number): boolean {
    const { devices, phases, on, world, kind, end } = this;
    const { server, traffic } = world;
    const service = world.fixedService[kind.firstRequest] ?? 0;
    for (;;) {
      const at = this.turn + (phases[this.cursor] ?? Infinity);
      const device = devices[this.cursor] ?? 0;
      if (at >= end || at > tick || (at === tick && device >= entity)) return false;
      const state = on[this.cursor] ?? off;
      if (state === passes) on[this.cursor] = rides;
      this.cursor += 1;
      if (this.cursor === phases.length) {
        this.cursor = 0;
        this.turn += kind.periodTicks;
      }
      if (state !== rides) continue;
      if (server.isFree(at)) {
        server.enqueue(at, service);
        traffic.request(kind.firstRequest, at, at + service, service);
      } else {
        this.leave(device);
        world.queue.tick = at;
        world.queue.entity = device;
        this.slow(device);
        return true;
      }
    }
  }
}

/** From the start of a steady contact to the arrival of its request. */
function leadOf(kind: DeviceKind, world: World): number {
  const shape = steadyShape(kind, world);
  const promotion = shape?.promotes === true ? kind.radio.promotionTicksEach : 0;
  const connect = shape?.connects === true ? kind.connectLead : 0;
  return promotion + connect + kind.firstTicksUp + (kind.fixedRoundTrip >> 1);
}

/** The devices of a group that show one collection. */
function membersOf(world: World, kind: DeviceKind): Int32Array {
  const isMember = (device: number) => world.kindOf(device) === kind && world.subscriptionsOf(device) === 1;
  const { devices } = world.layout;
  let count = 0;
  for (let device = 0; device < devices; device += 1) if (isMember(device)) count += 1;
  const members = new Int32Array(count);
  let place = 0;
  for (let device = 0; device < devices; device += 1) {
    if (!isMember(device)) continue;
    members[place] = device;
    place += 1;
  }
  return members;
}
