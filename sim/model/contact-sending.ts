import type { Airtime } from './airtime.ts';
import type { Contact } from './contact.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { Requests } from './requests.ts';
import { kindIndex } from './traffic.ts';
import type { World } from './world.ts';

const multiget = kindIndex('multiget');

/** Gets the requests of contacts to the server, and tries again those that have no answer. */
export class ContactSending {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly givenUp: (contact: Contact, tick: number) => void;

  /** `givenUp` is told of a contact that ends without all its answers. */
  constructor(
    world: World,
    airtime: Airtime,
    requests: Requests,
    givenUp: (contact: Contact, tick: number) => void,
  ) {
    this.world = world;
    this.airtime = airtime;
    this.requests = requests;
    this.givenUp = givenUp;
  }

  /** Asks something as the next step of a contact, on the connection that it has. */
  ask(contact: Contact, request: number, items: number, bodyDown: number, tick: number): void {
    this.prepare(contact, request, items, bodyDown);
    contact.pending += 1;
    this.send(contact, tick);
  }

  /** Says what the contact asks next. */
  prepare(contact: Contact, request: number, items: number, bodyDown: number): void {
    contact.request = request;
    contact.items = items;
    contact.bodyDown = bodyDown;
  }

  /** Sends what is prepared as soon as there is a connection. */
  connectAndSend(contact: Contact, ready: number): void {
    const { device, kind, roundTrip } = contact;
    const connected = this.requests.connect(device, kind, ready, roundTrip);
    if (Number.isNaN(connected)) this.failed(contact, ready + (roundTrip >> 1));
    else this.send(contact, connected);
  }

  private send(contact: Contact, tick: number): void {
    contact.sentAt = tick;
    const arrival = this.requests.send(contact, tick);
    this.world.queue.push(arrival, contact.device, eventCode(eventKinds.request, contact.slot));
  }

  /** Tries a failed request again. */
  retry(contact: Contact, tick: number): void {
    if (contact.givenUp) {
      this.drop(contact, tick);
      return;
    }
    const batch = contact.failedBatches.shift();
    if (batch !== undefined) {
      contact.batches.push(batch);
      this.prepare(contact, multiget, batch.items, batch.bytes);
    }
    this.connectAndSend(contact, this.airtime.ready(contact.device, contact.kind, tick));
  }

  /** The request that reached the server at `tick`, or found none, has no answer. */
  failed(contact: Contact, tick: number): void {
    const { guard, queue } = this.world;
    if (guard === undefined) throw new RangeError('a request failed where none can');
    contact.tries += 1;
    contact.retryAfterMs = guard.retryAfterMs;
    const batch = contact.batches.shift();
    if (batch !== undefined) contact.failedBatches.push(batch);
    const { failedAt } = guard;
    const again = guard.retryAt(
      contact.device,
      contact.kind,
      contact.givenUp ? Infinity : contact.tries,
      tick,
    );
    if (Number.isNaN(again)) this.drop(contact, failedAt);
    else queue.push(again, contact.device, eventCode(eventKinds.retry, contact.slot));
  }

  /** A request of a contact that is given up comes to nothing; with the last one the contact ends. */
  drop(contact: Contact, tick: number): void {
    contact.givenUp = true;
    contact.fetchedAt = Math.max(contact.fetchedAt, tick);
    contact.pending -= 1;
    if (contact.pending > 0) return;
    contact.sizes.length = 0;
    contact.batches.length = 0;
    contact.failedBatches.length = 0;
    contact.changed.length = 0;
    this.givenUp(contact, contact.fetchedAt);
  }
}
