import { busyUntil, countRow, policyDraws, row, scheduledAt } from '../device/index.ts';
import { uniform } from '../kernel/index.ts';
import type { SyncMoment } from '../policy/index.ts';
import type { Airtime } from './airtime.ts';
import { ContactPool, type Contact } from './contact.ts';
import type { DeviceKind } from './device-kind.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { Learning } from './learning.ts';
import { requestIndex, type Requests } from './requests.ts';
import { causeIndex } from './traffic.ts';
import { isCounted } from './window.ts';
import type { World } from './world.ts';

const contactCode = eventCode(eventKinds.contact, 0);
const syncToken = requestIndex('sync-token');
const syncCollection = requestIndex('sync-collection');
const multiget = requestIndex('multiget');
const check = causeIndex('check');
const fetch = causeIndex('fetch');

/** Starts contacts when they are due, walks them through their requests and asks the policy for the next. */
export class Contacts {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly learning: Learning;
  private readonly pool = new ContactPool();
  /** When a push leads to a contact, by device; `Infinity` for never. */
  private readonly pushedAt: Float64Array;
  private readonly memory: Float64Array;
  private readonly moment: SyncMoment;
  private momentDevice = 0;

  constructor(world: World, airtime: Airtime, requests: Requests) {
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.learning = new Learning(world);
    const pushed = world.kinds.some((kind) => kind.pushed);
    this.pushedAt = new Float64Array(pushed ? world.layout.devices : 0).fill(Infinity);
    this.memory = new Float64Array(world.layout.devices);
    this.moment = { now: 0, scheduled: 0, learned: 0, memory: 0, random: () => this.drawForPolicy() };
  }

  /** Asks every device's policy for its first contact. */
  begin(): void {
    for (let device = 0; device < this.world.layout.devices; device += 1) {
      const kind = this.world.kindOf(device);
      this.look(device, 0, 0, 0);
      this.schedule(device, kind.policy.first(this.moment));
      this.announce(device);
    }
  }

  /** A push reached the device, whose radio was through with it at `tick`. */
  pushed(device: number, kind: DeviceKind, tick: number): void {
    this.look(device, tick, this.world.devices.times[row(device) + scheduledAt] ?? Infinity, 0);
    const answer = Math.round(kind.policy.onPush(this.moment) * 1000);
    this.memory[device] = this.moment.memory;
    const at = answer > tick ? answer : tick;
    if (answer === Infinity || at >= (this.pushedAt[device] ?? Infinity)) return;
    this.pushedAt[device] = at;
    this.announce(device);
  }

  /** Starts the contact that is due at `tick`, if the event still speaks the truth. */
  due(device: number, tick: number): void {
    if (this.dueAt(device) !== tick) return;
    const { world, pushedAt } = this;
    const { times } = world.devices;
    const kind = world.kindOf(device);
    const contact = this.pool.take();
    const at = row(device);
    contact.device = device;
    contact.place = 0;
    contact.places = world.subscriptionsOf(device);
    contact.stage = kind.checksFirst ? 'check' : 'report';
    contact.startedAt = tick;
    contact.previousEnd = times[at + busyUntil] ?? 0;
    contact.roundTrip = this.requests.roundTrip(device, kind);
    contact.learned = 0;
    contact.scheduled = (times[at + scheduledAt] ?? Infinity) <= tick;
    if ((pushedAt[device] ?? Infinity) <= tick) pushedAt[device] = Infinity;
    times[at + busyUntil] = Infinity;
    const ready = this.airtime.ready(device, kind, tick);
    if (contact.places === 0) this.end(contact, kind, ready);
    else this.ask(contact, kind, this.requests.connect(device, kind, ready, contact.roundTrip), 0);
  }

  /** Serves the pending request of a contact and goes on to its next one. */
  request(slot: number, tick: number): void {
    const contact = this.pool.at(slot);
    const kind = this.world.kindOf(contact.device);
    if (contact.stage === 'check') this.answerCheck(contact, kind, tick);
    else if (contact.stage === 'report') this.answerReport(contact, kind, tick);
    else this.answerFetch(contact, kind, tick);
  }

  private answerCheck(contact: Contact, kind: DeviceKind, tick: number): void {
    const { requests } = this;
    const { device, roundTrip } = contact;
    const done = requests.serve(device, tick, syncToken);
    const end = requests.receive(device, kind, done, roundTrip, syncToken, check, 0, 0, 0);
    if (this.learning.isNews(contact, done - requests.lastService)) {
      contact.stage = 'report';
      this.ask(contact, kind, end, 0);
    } else {
      this.nextCollection(contact, kind, end);
    }
  }

  private answerReport(contact: Contact, kind: DeviceKind, tick: number): void {
    const { requests } = this;
    const { device, roundTrip } = contact;
    const done = requests.serve(device, tick, syncCollection);
    const items = this.learning.report(contact, done - requests.lastService);
    const end = requests.receive(device, kind, done, roundTrip, syncCollection, check, items, 0, 0);
    if (contact.sizes.length > 0) {
      contact.stage = 'fetch';
      this.ask(contact, kind, end, Math.min(kind.batch, contact.sizes.length));
    } else {
      this.finishCollection(contact, kind, end);
    }
  }

  private answerFetch(contact: Contact, kind: DeviceKind, tick: number): void {
    const { requests } = this;
    const { device, roundTrip, sizes } = contact;
    const items = Math.min(kind.batch, sizes.length);
    let body = 0;
    for (let taken = 0; taken < items; taken += 1) body += sizes.pop() ?? 0;
    const done = requests.serve(device, tick, multiget);
    const end = requests.receive(device, kind, done, roundTrip, multiget, fetch, items, 0, body);
    if (sizes.length > 0) this.ask(contact, kind, end, Math.min(kind.batch, sizes.length));
    else this.finishCollection(contact, kind, end);
  }

  /** Sends the request of the contact's stage at `tick`. */
  private ask(contact: Contact, kind: DeviceKind, tick: number, items: number): void {
    const { stage } = contact;
    const request = stage === 'check' ? syncToken : stage === 'report' ? syncCollection : multiget;
    const arrival = this.requests.send(contact.device, kind, tick, contact.roundTrip, request, items, 0);
    this.world.queue.push(arrival, contact.device, eventCode(eventKinds.request, contact.slot));
  }

  private finishCollection(contact: Contact, kind: DeviceKind, tick: number): void {
    contact.learned += this.learning.learn(contact, tick);
    this.nextCollection(contact, kind, tick);
  }

  private nextCollection(contact: Contact, kind: DeviceKind, tick: number): void {
    contact.place += 1;
    if (contact.place >= contact.places) {
      this.end(contact, kind, tick);
      return;
    }
    contact.stage = kind.checksFirst ? 'check' : 'report';
    this.ask(contact, kind, tick, 0);
  }

  private end(contact: Contact, kind: DeviceKind, tick: number): void {
    const { world } = this;
    const { device, startedAt, learned } = contact;
    if (isCounted(world.window, startedAt)) {
      kind.contacts += 1;
      if (learned === 0) kind.emptyContacts += 1;
    }
    const at = row(device);
    world.devices.times[at + busyUntil] = tick;
    if (contact.scheduled) {
      // Changes are over and this contact has covered the last of them: the device has settled.
      const settled = startedAt >= world.window.to && world.writesPending === 0;
      this.look(device, tick, world.devices.times[at + scheduledAt] ?? 0, learned);
      this.schedule(device, settled ? Infinity : kind.policy.next(this.moment));
    }
    this.pool.release(contact);
    this.announce(device);
  }

  private look(device: number, now: number, scheduled: number, learned: number): void {
    const { moment } = this;
    this.momentDevice = device;
    moment.now = now / 1000;
    moment.scheduled = scheduled / 1000;
    moment.learned = learned;
    moment.memory = this.memory[device] ?? 0;
  }

  private schedule(device: number, atMs: number): void {
    this.world.devices.times[row(device) + scheduledAt] = Math.round(atMs * 1000);
    this.memory[device] = this.moment.memory;
  }

  /** When the next contact can start; `Infinity` during one. */
  private dueAt(device: number): number {
    const { times } = this.world.devices;
    const at = row(device);
    const scheduled = times[at + scheduledAt] ?? Infinity;
    const pushed = this.pushedAt[device] ?? Infinity;
    const wanted = scheduled < pushed ? scheduled : pushed;
    const free = times[at + busyUntil] ?? 0;
    return wanted > free ? wanted : free;
  }

  private announce(device: number): void {
    const at = this.dueAt(device);
    if (at !== Infinity) this.world.queue.push(at, device, contactCode);
  }

  private drawForPolicy(): number {
    const { counts } = this.world.devices;
    const at = countRow(this.momentDevice) + policyDraws;
    const index = counts[at] ?? 0;
    counts[at] = index + 1;
    return uniform(this.world.keys.policy, this.momentDevice, index);
  }
}
