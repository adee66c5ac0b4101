import { countRow, unseen } from '../device/index.ts';
import type { Airtime } from './airtime.ts';
import type { Contacts } from './contacts.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { Pushes } from './pushes.ts';
import type { Exchange, Requests } from './requests.ts';
import { kindIndex } from './traffic.ts';
import type { World } from './world.ts';

const put = kindIndex('put');

/** Brings the changes of the schedule to the server and tells subscribers of each. */
export class Changes {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly pushes: Pushes;
  private readonly contacts: Contacts;
  private readonly elided: boolean;
  /** Writes under way, by change. */
  private readonly writes = new Map<number, Exchange>();

  constructor(
    world: World,
    airtime: Airtime,
    requests: Requests,
    contacts: Contacts,
    pushes: Pushes,
    elided = false,
  ) {
    this.elided = elided;
    this.contacts = contacts;
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.pushes = pushes;
    this.announce(0);
  }

  /** A change happens: at the server at once, or on a device that then writes it. */
  happen(change: number, tick: number): void {
    const { world } = this;
    this.announce(change + 1);
    const device = world.schedule.writer[change] ?? -1;
    if (device < 0) {
      this.commit(change, tick);
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
    const bodyUp = world.schedule.bytes[change] ?? 0;
    const roundTrip = requests.roundTrip(device, kind);
    const write: Exchange = { device, kind, roundTrip, request: put, items: 1, bodyUp, bodyDown: 0 };
    this.writes.set(change, write);
    const ready = requests.connect(device, kind, this.airtime.ready(device, kind, tick), roundTrip);
    world.queue.push(requests.send(write, ready), device, eventCode(eventKinds.put, change));
    this.contacts.replan(device);
  }

  /** The PUT of a device reaches the server. */
  arrive(change: number, tick: number): void {
    const { world, requests } = this;
    const device = world.schedule.writer[change] ?? 0;
    const write = this.writes.get(change);
    if (write === undefined) throw new RangeError(`change ${change} was not sent`);
    this.writes.delete(change);
    this.contacts.settleStart(device, tick);
    const done = requests.serve(device, tick, put);
    requests.receive(write, done);
    this.commit(change, done);
    this.contacts.replan(device);
  }

  private announce(change: number): void {
    const { schedule, queue, layout } = this.world;
    if (change >= schedule.count) return;
    const at = Math.round((schedule.atMs[change] ?? 0) * 1000);
    // Changes have an entity number of their own, behind every device, which keeps the order of events total.
    queue.push(at, layout.devices, eventCode(eventKinds.change, change));
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
        if (slept && this.elided) this.contacts.replan(device);
        if (device === writer) continue;
        if (world.kindOf(device).pushed) this.pushes.offer(device, place, importance, tick, readers);
        readers += 1;
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
