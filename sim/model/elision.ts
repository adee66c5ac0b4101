import {
  busyUntil,
  connectionUsed,
  countRow,
  lastActive,
  row,
  scheduledAt,
  unseen,
} from '../device/index.ts';
import type { Agenda } from './agenda.ts';
import type { DeviceKind } from './device-kind.ts';
import { LoneContacts } from './lone-contacts.ts';
import { notBegun, QuietContacts } from './quiet-contacts.ts';
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
 * happens to it, the contacts it made meanwhile are accounted for one by one, or at once where they are all alike:
 * with a steady schedule and nothing drawn. The sample path is that of `exact` as long as requests do not wait for each other.
 */
export class Elision {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly quiet: QuietContacts;
  private readonly lone: LoneContacts;
  private readonly times: Float64Array;
  private readonly shapes = new Map<DeviceKind, Shape | undefined>();
  /** The server is not told of each request, so they are counted with the contacts. */
  readonly countsRequests: boolean;
  /** Told of a contact that something happens in the middle of, after its first requests. */
  begun: (device: number, kind: DeviceKind, start: number, made: number) => void = () => {};

  constructor(world: World, agenda: Agenda, countsRequests: boolean) {
    this.world = world;
    this.agenda = agenda;
    this.quiet = new QuietContacts(world, agenda, countsRequests);
    this.lone = new LoneContacts(world, agenda);
    this.countsRequests = countsRequests;
    this.times = world.devices.times;
    for (const kind of world.kinds) this.shapes.set(kind, steadyShape(kind, world));
  }

  /** Of the contact that `begun` is told of: its round-trip time and the end of the last answer so far. */
  get roundTrip(): number {
    return this.quiet.roundTrip;
  }

  get lastAnswer(): number {
    return this.quiet.end;
  }

  /** Whether the device may sleep through its contacts until something happens. */
  sleeps(device: number, kind: DeviceKind): boolean {
    const at = row(device);
    const places = this.world.subscriptionsOf(device);
    return (
      (this.countsRequests ? kind.quiet && places > 0 : kind.periodTicks > 0 && places === 1) &&
      (this.world.devices.counts[countRow(device) + unseen] ?? 0) === 0 &&
      this.times[at + busyUntil] !== Infinity &&
      // A write that reaches into the next contact makes that one unlike others.
      (this.times[at + lastActive] ?? 0) <= this.agenda.dueAt(device)
    );
  }

  /** Accounts for every contact of a sleeping device whose request has reached the server by `tick`. */
  catchUp(device: number, kind: DeviceKind, tick: number): void {
    if (!this.sleeps(device, kind)) return;
    const places = this.world.subscriptionsOf(device);
    const shape = places === 1 ? this.shapes.get(kind) : undefined;
    if (this.countsRequests && places === 1 && shape === undefined) {
      this.lone.run(device, kind, tick);
      return;
    }
    for (;;) {
      const start = this.agenda.dueAt(device);
      if (start >= this.world.window.to) return;
      const alike = shape === undefined ? 0 : this.alikeUntil(device, kind, start, tick, shape);
      if (shape !== undefined && alike > 0) {
        this.repeat(device, kind, start, alike, shape);
        continue;
      }
      // Most often the next contact is still to come.
      if (kind.fixedRoundTrip >= 0 && this.arrivalOf(device, kind, start) > tick) return;
      const made = this.quiet.run(device, kind, start, places, tick);
      if (made === places) continue;
      if (made !== notBegun) this.begun(device, kind, start, made);
      return;
    }
  }

  /** Accounts for the contacts that devices `from` to `to` - 1, where asleep, made to the end of the window. */
  finish(from: number, to: number): void {
    for (let device = from; device < to; device += 1) {
      this.catchUp(device, this.world.kindOf(device), Infinity);
    }
  }

  /** When the request of the contact at `start` reaches the server. */
  private arrivalOf(device: number, kind: DeviceKind, start: number): number {
    const at = row(device);
    const ready = start + kind.radio.promotionAfter(start - (this.times[at + lastActive] ?? 0));
    const reused = ready - (this.times[at + connectionUsed] ?? 0) <= kind.keptTicks;
    return (reused ? ready : ready + kind.connectLead) + kind.firstTicksUp + (kind.fixedRoundTrip >> 1);
  }

  /** Whether the next contact of a sleeping device is like the one before it. */
  isSteady(device: number, kind: DeviceKind): boolean {
    const shape = this.shapes.get(kind);
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
    if (this.countsRequests) {
      const first = this.arrivalOf(device, kind, start);
      this.world.traffic.steady(kind.firstRequest, first, contacts, periodTicks);
    }
    const lastStart = start + (contacts - 1) * periodTicks;
    this.leave(device, lastStart + length, lastStart + periodTicks);
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
  if (kind.periodTicks === 0) return undefined;
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
        resting >= 0 && promotes === resting > kind.radio.awakeTicks && connects === unused > kind.keptTicks
      );
    },
  );
}
