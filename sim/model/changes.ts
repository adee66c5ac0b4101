import { countRow, unseen } from '../device/index.ts';
import { deeds } from '../workload/index.ts';
import type { Agenda } from './agenda.ts';
import type { Airtime } from './airtime.ts';
import { BriefWrites } from './brief-writes.ts';
import type { Contacts } from './contacts.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { Pushes } from './pushes.ts';
import type { Exchange } from './exchange.ts';
import type { Requests } from './requests.ts';
import { kindIndex } from './traffic.ts';
import type { World } from './world.ts';
import { WritesUnderWay } from './writes-under-way.ts';

const put = kindIndex('put');
const remove = kindIndex('delete');

/** A write under way: when it was sent, how often it failed, and whether the server has the change all the same. */
interface Write extends Exchange {
  sentAt: number;
  tries: number;
  committed: boolean;
}

/** Brings the changes of the schedule to the server and tells subscribers of each. */
export class Changes {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly pushes: Pushes;
  private readonly contacts: Contacts;
  private readonly elided: boolean;
  /** Present when parts of the fleet are run one after the other. */
  private readonly briefWrites: BriefWrites | undefined;
  /** Some devices leave requests with the server until there is news. */
  private readonly holding: boolean;
  /** Writes under way, by change. */
  private readonly writes = new WritesUnderWay<Write>();
  /** The next change to happen, and the one after the last. */
  private next = 0;
  private end = 0;

  constructor(
    world: World,
    airtime: Airtime,
    requests: Requests,
    contacts: Contacts,
    pushes: Pushes,
    agenda: Agenda,
    elided = false,
  ) {
    this.elided = elided;
    this.briefWrites = world.partQueue && new BriefWrites(world, agenda, world.partQueue);
    this.holding = world.kinds.some(({ policy }) => policy.holdMs !== undefined);
    this.contacts = contacts;
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.pushes = pushes;
  }

  /** Has the changes `from` to `to` - 1, ascending by time, happen at their times. */
  begin(from: number, to: number): void {
    this.end = to;
    this.announce(from);
  }

  /** Leaves out the changes from `tick` on, none of which has happened. */
  endAt(tick: number): void {
    const { end, world } = this;
    while (this.end > this.next && this.tickOf(this.end - 1) >= tick) this.end -= 1;
    world.writesPending -= end - this.end;
  }

  /** The latest tick at which one is committed; what arises while the server is away is noted before. */
  latest(): number {
    const { committedAt } = this.world.versions;
    let latest = 0;
    for (let change = 0; change < this.next; change += 1) latest = Math.max(latest, committedAt[change] ?? 0);
    return latest;
  }

  /** A change happens: at the server at once, or on a device that then writes it. */
  happen(change: number, tick: number): void {
    const { world } = this;
    if (change >= this.end) return;
    this.announce(change + 1);
    const device = world.schedule.writer[change] ?? -1;
    if (device < 0) {
      // What arises while the server is away is there when it is back.
      this.commit(change, world.guard?.availability.upAt(tick) ?? tick);
      return;
    }
    const online = world.onlineAt(device, tick);
    if (online > tick) world.queue.push(online, device, eventCode(eventKinds.write, change));
    else this.write(change, tick);
  }

  /** A device writes its change, at `tick`. */
  write(change: number, tick: number): void {
    const { world, requests } = this;
    const device = world.schedule.writer[change] ?? 0;
    const kind = world.kindOf(device);
    this.contacts.settleStart(device, tick);
    const request = this.requestOf(change);
    const bodyUp = request === put ? (world.schedule.bytes[change] ?? 0) : 0;
    const stored = this.briefWrites?.run(device, kind, tick, request, bodyUp) ?? NaN;
    if (!Number.isNaN(stored)) {
      world.queue.tick = this.briefWrites?.arrival ?? tick;
      world.queue.entity = device;
      this.commit(change, stored);
      this.contacts.replan(device);
      return;
    }
    const roundTrip = requests.roundTrip(device, kind);
    const { tries = 0, committed = false } = this.writes.get(change) ?? {};
    const exchange = { device, kind, roundTrip, request, items: 1, bodyUp, bodyDown: 0 };
    const ready = this.airtime.ready(device, kind, tick);
    const connected = requests.connect(device, kind, ready, roundTrip);
    const write: Write = { ...exchange, sentAt: connected, tries, committed };
    this.writes.set(change, write);
    if (Number.isNaN(connected)) this.retry(change, write, ready + (roundTrip >> 1));
    else world.queue.push(requests.send(write, connected), device, eventCode(eventKinds.put, change));
    this.contacts.replan(device);
  }

  private requestOf(change: number): number {
    return this.world.schedule.deed[change] === deeds.remove ? remove : put;
  }

  /** The write of a device reaches the server. */
  arrive(change: number, tick: number): void {
    const { world, requests } = this;
    const device = world.schedule.writer[change] ?? 0;
    const write = this.writes.get(change);
    if (write === undefined) throw new RangeError(`change ${change} was not sent`);
    this.contacts.settleStart(device, tick);
    const { guard } = world;
    const done =
      guard === undefined
        ? requests.serve(device, tick, write.request)
        : guard.attempt(requests, write, write.sentAt, tick);
    const answered = !Number.isNaN(done);
    const stored = answered ? done : (guard?.doneAt ?? Infinity);
    if (stored !== Infinity && !write.committed) this.commit(change, stored);
    if (answered) {
      this.writes.delete(change);
      requests.receive(write, done);
    } else {
      write.committed ||= stored !== Infinity;
      this.retry(change, write, tick);
    }
    this.contacts.replan(device);
  }

  /** A write that reached the server at `tick` has no answer: the device tries until it has one. */
  private retry(change: number, write: Write, tick: number): void {
    const { guard, queue } = this.world;
    if (guard === undefined) throw new RangeError('a write failed where none can');
    const { device, kind } = write;
    write.tries += 1;
    const again = guard.retryAt(device, kind, write.tries, tick, tick < this.world.patienceUntil);
    if (Number.isNaN(again)) return;
    const online = this.world.onlineAt(device, again);
    queue.push(online, device, eventCode(eventKinds.write, change));
  }

  private announce(change: number): void {
    const { queue, layout } = this.world;
    this.next = change;
    if (change >= this.end) return;
    // Changes have an entity number of their own, behind every device, which keeps the order of events total.
    queue.push(this.tickOf(change), layout.devices, eventCode(eventKinds.change, change));
  }

  private tickOf(change: number): number {
    return Math.round((this.world.schedule.atMs[change] ?? 0) * 1000);
  }

  private commit(change: number, tick: number): void {
    const { world } = this;
    const { layout, schedule, devices } = world;
    const collection = schedule.collection[change] ?? 0;
    const writer = schedule.writer[change] ?? -1;
    const importance = schedule.importance[change] ?? 0;
    world.versions.commit(collection, change, tick);
    world.writesPending -= 1;
    let readers = 0;
    const endMember = layout.firstMember[collection + 1] ?? 0;
    for (let entry = layout.firstMember[collection] ?? 0; entry < endMember; entry += 1) {
      const user = layout.memberList[entry] ?? 0;
      const place = this.placeOf(collection, user);
      const endDevice = layout.firstDevice[user + 1] ?? 0;
      for (let device = layout.firstDevice[user] ?? 0; device < endDevice; device += 1) {
        const count = countRow(device) + unseen;
        const slept = (devices.counts[count] ?? 0) === 0;
        if (slept) this.contacts.wake(device, world.queue.tick);
        devices.counts[count] = (devices.counts[count] ?? 0) + 1;
        if (this.holding) this.contacts.steps.news(device, tick);
        const own = device === writer;
        // The writer is seen to when it has its answer.
        if (slept && this.elided && !own) this.contacts.replan(device);
        const told = world.kindOf(device).pushed && (!own || this.pushes.selfEcho);
        if (told) this.pushes.offer(device, place, importance, tick, readers);
        if (!own) readers += 1;
      }
    }
    world.ledger.committed(tick, readers);
  }

  private placeOf(collection: number, user: number): number {
    const { firstCollection, collectionList } = this.world.layout;
    const first = firstCollection[user] ?? 0;
    let place = 0;
    while (collectionList[first + place] !== collection) place += 1;
    return place;
  }
}
