import { busyUntil, lastActive, row } from '../device/index.ts';
import type { Agenda } from './agenda.ts';
import type { Airtime } from './airtime.ts';
import { CleanPolls } from './clean-polls.ts';
import { ContactPool, type Contact } from './contact.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Elision } from './elision.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { Learning } from './learning.ts';
import { Polls } from './polls.ts';
import type { Requests } from './requests.ts';
import { kindIndex } from './traffic.ts';
import type { Wheels } from './wheels.ts';
import { isCounted } from './window.ts';
import type { World } from './world.ts';

const contactCode = eventCode(eventKinds.contact, 0);
const syncToken = kindIndex('sync-token');
const syncCollection = kindIndex('sync-collection');
const multiget = kindIndex('multiget');
const home = kindIndex('home');
const list = kindIndex('list');

/** Empties a list of sizes and returns their sum. */
function takeAll(sizes: number[]): number {
  let sum = 0;
  while (sizes.length > 0) sum += sizes.pop() ?? 0;
  return sum;
}

/** Starts contacts when they are due, walks them through their requests and has the next one scheduled. */
export class Contacts {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly agenda: Agenda;
  private readonly learning: Learning;
  private readonly elision: Elision | undefined;
  private wheels: Wheels | undefined;
  private readonly polls: Polls;
  private readonly cleanPolls: CleanPolls;
  private readonly pool = new ContactPool();

  constructor(world: World, airtime: Airtime, requests: Requests, agenda: Agenda, elision?: Elision) {
    this.elision = elision;
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.agenda = agenda;
    this.learning = new Learning(world);
    this.cleanPolls = new CleanPolls(world, agenda);
    this.polls = new Polls(world, requests);
  }

  /** Schedules every device's first contact. */
  begin(): void {
    for (let device = 0; device < this.world.layout.devices; device += 1) {
      this.agenda.first(device, this.world.kindOf(device));
      this.replan(device);
    }
  }

  /** A push reached the device, whose radio was through with it at `tick`. */
  pushed(device: number, kind: DeviceKind, tick: number): void {
    if (this.agenda.pushed(device, kind, tick)) this.replan(device);
  }

  /**
   * Announces the device's next contact to the queue. The contact of a device that is not pushed is announced by
   * the arrival of its first request, which saves an event; whatever else the device does meanwhile may move that
   * arrival, so it is preceded by `settleStart` and followed by a new announcement.
   */
  replan(device: number): void {
    const kind = this.world.kindOf(device);
    if (this.elision?.sleeps(device, kind) === true) {
      if (this.elision.countsRequests || this.wheels?.join(device) === true) return;
    }
    const start = this.agenda.dueAt(device);
    if (start === Infinity) return;
    const at = this.foreseen(device, kind) ? this.polls.arrival(device, kind, start) : start;
    this.world.queue.push(at, device, contactCode);
  }

  /** Starts a contact that was due by `tick` and is announced by its arrival only. */
  settleStart(device: number, tick: number): void {
    const kind = this.world.kindOf(device);
    this.stir(device, kind, tick);
    if (!this.foreseen(device, kind)) return;
    const start = this.agenda.dueAt(device);
    if (start <= tick) this.start(device, kind, start);
  }

  /** A change is about to be noted that concerns the device: contacts it slept through found nothing. */
  wake(device: number, tick: number): void {
    this.stir(device, this.world.kindOf(device), tick);
  }

  /** From now on steady polls ride on wheels. */
  ride(wheels: Wheels): void {
    this.wheels = wheels;
  }

  /** A poll that rode on a wheel finds the server busy: it is made now, in the ordinary way. */
  leaveWheel(device: number): void {
    const { tick } = this.world.queue;
    this.elision?.catchUp(device, this.world.kindOf(device), tick - 1);
    this.due(device, tick);
  }

  private stir(device: number, kind: DeviceKind, tick: number): void {
    if (this.elision === undefined) return;
    this.wheels?.leave(device);
    // At one instant events go by device: a poll of a later device has not come yet.
    this.elision.catchUp(device, kind, device <= this.world.queue.entity ? tick : tick - 1);
  }

  /** Acts on an announcement for `tick`, if it still speaks the truth. */
  due(device: number, tick: number): void {
    const kind = this.world.kindOf(device);
    if (this.cleanPolls.run(device, kind)) {
      this.replan(device);
      return;
    }
    const start = this.agenda.dueAt(device);
    if (!this.foreseen(device, kind)) {
      if (start === tick) this.start(device, kind, start);
    } else if (start !== Infinity && this.polls.arrival(device, kind, start) === tick) {
      this.poll(device, kind, start, tick);
    }
  }

  /** Serves the pending request of a contact and goes on to its next one. */
  request(slot: number, tick: number): void {
    const contact = this.pool.at(slot);
    const { learning, requests, world } = this;
    const { request } = contact;
    const done = requests.serve(contact.device, tick, request);
    const started = done - requests.lastService;
    if (request === syncToken) {
      this.afterCheck(contact, learning.isNews(contact, started), requests.receive(contact, done));
    } else if (request === home) {
      learning.home(contact, started, world.subscriptionsOf(contact.device));
      this.nextCollection(contact, requests.receive(contact, done));
    } else if (request === multiget) {
      this.afterFetch(contact, done);
    } else {
      const listed = learning.report(contact, started);
      contact.items = request === list ? learning.objectsIn(contact) : listed;
      if (contact.kind.inline) contact.bodyDown = takeAll(contact.sizes);
      this.fetchOrFinish(contact, requests.receive(contact, done));
    }
  }

  private foreseen(device: number, kind: DeviceKind): boolean {
    return !kind.pushed && kind.constantFirst && this.world.subscriptionsOf(device) > 0;
  }

  private start(device: number, kind: DeviceKind, start: number): void {
    const contact = this.open(device, kind, start);
    contact.roundTrip = this.requests.roundTrip(device, kind);
    const ready = this.airtime.ready(device, kind, start);
    const places = this.world.subscriptionsOf(device);
    if (places === 0) {
      this.end(contact, ready);
      return;
    }
    const connected = this.requests.connect(device, kind, ready, contact.roundTrip);
    if (kind.asksHome) this.ask(contact, home, places, 0, connected);
    else this.askAbout(contact, connected);
  }

  /** The first request of a contact that started at `start` reaches the server. */
  private poll(device: number, kind: DeviceKind, start: number, tick: number): void {
    const { polls, world } = this;
    if ((world.devices.times[row(device) + lastActive] ?? 0) > start) {
      // Another exchange of the device overlaps this one.
      this.start(device, kind, start);
      return;
    }
    const end = polls.exchange(device, kind, start, tick);
    const clean = !this.learning.mayKnowLess(device);
    if (clean && kind.firstRequest === syncToken && world.subscriptionsOf(device) === 1) {
      const scheduled = this.agenda.begin(device, start);
      this.close(device, kind, start, end, 0, scheduled);
      return;
    }
    const contact = this.open(device, kind, start);
    contact.roundTrip = polls.roundTrip;
    if (kind.firstRequest === syncToken) {
      this.afterCheck(contact, !clean && this.learning.isNews(contact, polls.servedAt), end);
    } else {
      contact.request = syncCollection;
      contact.items = this.learning.report(contact, polls.servedAt);
      contact.bodyDown = kind.inline ? takeAll(contact.sizes) : 0;
      this.fetchOrFinish(contact, contact.items === 0 ? end : this.requests.receiveItems(contact, end));
    }
  }

  private open(device: number, kind: DeviceKind, start: number): Contact {
    const { times } = this.world.devices;
    const contact = this.pool.take(kind);
    contact.device = device;
    contact.place = 0;
    contact.startedAt = start;
    contact.previousEnd = times[row(device) + busyUntil] ?? 0;
    contact.learned = 0;
    contact.scheduled = this.agenda.begin(device, start);
    times[row(device) + busyUntil] = Infinity;
    return contact;
  }

  private afterCheck(contact: Contact, news: boolean, tick: number): void {
    if (news) this.askForReport(contact, tick);
    else this.nextCollection(contact, tick);
  }

  private fetchOrFinish(contact: Contact, tick: number): void {
    if (contact.sizes.length > 0) this.askForBodies(contact, tick);
    else this.finishCollection(contact, tick);
  }

  private afterFetch(contact: Contact, done: number): void {
    const batch = contact.batches.shift();
    contact.items = batch?.items ?? 0;
    contact.bodyDown = batch?.bytes ?? 0;
    contact.fetchedAt = Math.max(contact.fetchedAt, this.requests.receive(contact, done));
    if (contact.batches.length === 0) this.fetchOrFinish(contact, contact.fetchedAt);
  }

  /** Sends as many multigets as the client has under way at once. */
  private askForBodies(contact: Contact, tick: number): void {
    const { batch, concurrency } = contact.kind;
    contact.fetchedAt = tick;
    for (let sent = 0; sent < concurrency && contact.sizes.length > 0; sent += 1) {
      const sizes = contact.sizes.splice(-batch);
      contact.batches.push({ items: sizes.length, bytes: takeAll(sizes) });
    }
    for (const { items, bytes } of contact.batches) this.ask(contact, multiget, items, bytes, tick);
  }

  /** Asks whether the current collection has changed, or at once how. */
  private askAbout(contact: Contact, tick: number): void {
    if (contact.kind.firstRequest === syncToken) this.ask(contact, syncToken, 0, 0, tick);
    else this.askForReport(contact, tick);
  }

  private askForReport(contact: Contact, tick: number): void {
    const { report } = contact.kind;
    this.ask(contact, report, 0, 0, tick);
  }

  private ask(contact: Contact, request: number, items: number, bodyDown: number, tick: number): void {
    contact.request = request;
    contact.items = items;
    contact.bodyDown = bodyDown;
    const arrival = this.requests.send(contact, tick);
    this.world.queue.push(arrival, contact.device, eventCode(eventKinds.request, contact.slot));
  }

  private finishCollection(contact: Contact, tick: number): void {
    contact.learned += this.learning.learn(contact, tick);
    this.nextCollection(contact, tick);
  }

  private nextCollection(contact: Contact, tick: number): void {
    const places = this.world.subscriptionsOf(contact.device);
    contact.place = contact.kind.asksHome ? (contact.changed.pop() ?? places) : contact.place + 1;
    if (contact.place < places) this.askAbout(contact, tick);
    else this.end(contact, tick);
  }

  private end(contact: Contact, tick: number): void {
    const { device, kind, startedAt, learned, scheduled } = contact;
    this.pool.release(contact);
    this.close(device, kind, startedAt, tick, learned, scheduled);
  }

  /** A contact that started at `start` ends at `tick`. */
  private close(
    device: number,
    kind: DeviceKind,
    start: number,
    tick: number,
    learned: number,
    scheduled: boolean,
  ): void {
    const { world } = this;
    if (isCounted(world.window, start)) {
      kind.contacts += 1;
      if (learned === 0) kind.emptyContacts += 1;
    }
    world.devices.times[row(device) + busyUntil] = tick;
    if (scheduled) {
      // Changes are over and this contact has covered the last of them: the device has settled.
      const settled = start >= world.window.to && world.writesPending === 0;
      this.agenda.next(device, kind, tick, learned, settled);
    }
    this.replan(device);
  }
}
