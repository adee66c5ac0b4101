import type { Airtime } from './airtime.ts';
import type { Contact } from './contact.ts';
import { ContactPool } from './contact.ts';
import { ContactSending } from './contact-sending.ts';
import type { DeviceKind } from './device-kind.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { Holds } from './holds.ts';
import type { Learning } from './learning.ts';
import type { Requests } from './requests.ts';
import { kindIndex } from './traffic.ts';
import type { World } from './world.ts';

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

/** Walks contacts under way through their requests, one collection after the other. */
export class ContactSteps {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly learning: Learning;
  private readonly ended: (contact: Contact, tick: number) => void;
  private readonly pool = new ContactPool();
  private readonly holds: Holds;
  private readonly sending: ContactSending;

  /** `ended` is told of each contact when the device has its last answer; the contact is reused afterwards. */
  constructor(
    world: World,
    airtime: Airtime,
    requests: Requests,
    learning: Learning,
    ended: (contact: Contact, tick: number) => void,
  ) {
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.learning = learning;
    this.ended = ended;
    this.holds = new Holds(world, airtime, learning);
    this.sending = new ContactSending(world, airtime, requests, (contact, tick) => this.end(contact, tick));
  }

  /** A contact of a device with no collection asked about yet. */
  open(device: number, kind: DeviceKind): Contact {
    const contact = this.pool.take(kind);
    contact.device = device;
    contact.place = 0;
    contact.learned = 0;
    contact.fetchedAt = 0;
    contact.pending = 0;
    contact.tries = 0;
    contact.givenUp = false;
    contact.retryAfterMs = NaN;
    contact.heldUntil = NaN;
    contact.wasHeld = false;
    return contact;
  }

  /** Sends the first request of a contact that starts at `start`. */
  begin(contact: Contact, start: number): void {
    const { device, kind } = contact;
    const places = this.world.subscriptionsOf(device);
    contact.roundTrip = this.requests.roundTrip(device, kind);
    const ready = this.airtime.ready(device, kind, start);
    if (places === 0) {
      this.end(contact, ready);
      return;
    }
    const pushed = contact.changed.pop();
    if (pushed !== undefined) contact.place = pushed;
    if (kind.asksHome && pushed === undefined) this.sending.prepare(contact, home, places, 0);
    else this.sending.prepare(contact, kind.asksHome ? kind.report : kind.firstRequest, 0, 0);
    contact.pending = 1;
    this.sending.connectAndSend(contact, ready);
  }

  /** Goes on from requests about `made` collections that found nothing, the last answered at `end`. */
  goOn(contact: Contact, made: number, end: number): void {
    contact.place = made - 1;
    this.nextCollection(contact, end);
  }

  /** Goes on from a first request that was made in one step: served from `servedAt`, answered at `end`. */
  resume(contact: Contact, servedAt: number, end: number): void {
    const { kind } = contact;
    if (kind.firstRequest === syncToken) {
      this.afterCheck(contact, this.learning.isNews(contact, servedAt), end);
      return;
    }
    contact.request = syncCollection;
    contact.items = this.learning.report(contact, servedAt);
    contact.bodyDown = kind.inline ? takeAll(contact.sizes) : 0;
    this.fetchOrFinish(contact, contact.items === 0 ? end : this.requests.receiveItems(contact, end));
  }

  /** Serves the pending request of a contact and goes on to its next one. */
  request(slot: number, tick: number): void {
    const contact = this.pool.at(slot);
    const { requests, world } = this;
    if (this.holds.takes(contact, tick)) return;
    const served =
      world.guard === undefined
        ? requests.serve(contact.device, tick, contact.request)
        : world.guard.attempt(requests, contact, contact.sentAt, tick);
    if (Number.isNaN(served)) {
      this.sending.failed(contact, tick);
      return;
    }
    contact.retryAfterMs = NaN;
    const started = served - requests.lastService;
    const done = contact.wasHeld ? this.holds.reaches(contact, served) : served;
    if (started > tick && world.changesArise && contact.request !== multiget) {
      // What arises while the request waits is part of the answer.
      contact.doneAt = done;
      world.queue.push(started, contact.device, eventCode(eventKinds.started, slot));
    } else {
      this.answer(contact, started, done);
    }
  }

  /** The server answers a request that it has held, if it still holds it. */
  released(slot: number, device: number, tick: number): void {
    const contact = this.pool.at(slot);
    if (contact.device === device && this.holds.ends(contact, tick)) this.request(slot, tick);
  }

  /** There is news for a device, which the server has from `tick` on. */
  news(device: number, tick: number): void {
    this.holds.news(device, tick);
  }

  /** The server starts on a request that had to wait. */
  started(slot: number, tick: number): void {
    const contact = this.pool.at(slot);
    this.answer(contact, tick, contact.doneAt);
  }

  /** Tries a failed request again. */
  retry(slot: number, tick: number): void {
    this.sending.retry(this.pool.at(slot), tick);
  }

  /** Takes the answer to a request that the server began with at `started`. */
  private answer(contact: Contact, started: number, done: number): void {
    const { learning, requests, world } = this;
    const { request } = contact;
    if (contact.givenUp) {
      contact.batches.shift();
      this.sending.drop(contact, requests.receive(contact, done));
      return;
    }
    contact.pending -= 1;
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
    if (contact.batches.length + contact.failedBatches.length > 0) return;
    this.fetchOrFinish(contact, contact.fetchedAt);
  }

  /** Sends as many multigets as the client has under way at once. */
  private askForBodies(contact: Contact, tick: number): void {
    const { batch, concurrency } = contact.kind;
    contact.fetchedAt = tick;
    for (let sent = 0; sent < concurrency && contact.sizes.length > 0; sent += 1) {
      const sizes = contact.sizes.splice(-batch);
      contact.batches.push({ items: sizes.length, bytes: takeAll(sizes) });
    }
    for (const { items, bytes } of contact.batches) this.sending.ask(contact, multiget, items, bytes, tick);
  }

  /** Asks whether the current collection has changed, or at once how. */
  private askAbout(contact: Contact, tick: number): void {
    if (contact.kind.firstRequest === syncToken) this.sending.ask(contact, syncToken, 0, 0, tick);
    else this.askForReport(contact, tick);
  }

  private askForReport(contact: Contact, tick: number): void {
    const { report } = contact.kind;
    this.sending.ask(contact, report, 0, 0, tick);
  }

  private finishCollection(contact: Contact, tick: number): void {
    contact.learned += this.learning.learn(contact, tick);
    this.nextCollection(contact, tick);
  }

  private nextCollection(contact: Contact, tick: number): void {
    const places = this.world.subscriptionsOf(contact.device);
    contact.place = contact.listed ? (contact.changed.pop() ?? places) : contact.place + 1;
    if (contact.place < places) this.askAbout(contact, tick);
    else this.end(contact, tick);
  }

  private end(contact: Contact, tick: number): void {
    this.pool.release(contact);
    this.ended(contact, tick);
  }
}
