import { kindIndex } from './traffic.ts';
import type { Airtime } from './airtime.ts';
import type { Contact } from './contact.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { Learning } from './learning.ts';
import type { World } from './world.ts';

const multiget = kindIndex('multiget');

/**
 * Requests that a server holds until there is news (long poll, RFC 6202 section 2). The first request of a contact
 * is held, and stands for all collections of its device. Holding one takes no worker; looking for news does, when
 * the request comes and when it is answered.
 */
export class Holds {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly learning: Learning;
  /** The contact whose request is held, by device; empty when no policy asks for it. */
  private readonly held: (Contact | undefined)[];

  constructor(world: World, airtime: Airtime, learning: Learning) {
    this.world = world;
    this.airtime = airtime;
    this.learning = learning;
    const some = world.kinds.some(({ policy }) => policy.holdMs !== undefined);
    this.held = some ? Array.from({ length: world.layout.devices }, () => undefined) : [];
  }

  /** Whether the request of a contact that reached the server at `tick` is held. */
  takes(contact: Contact, tick: number): boolean {
    const { holdMs } = contact.kind.policy;
    if (holdMs === undefined || contact.wasHeld || contact.request === multiget) return false;
    if (contact.place > 0 || this.learning.mayKnowLess(contact.device)) return false;
    const { world } = this;
    contact.wasHeld = true;
    this.held[contact.device] = contact;
    const work = world.fixedService[contact.request] ?? 0;
    if (work > 0) {
      world.server.enqueue(tick, work, contact.request);
      world.traffic.work(tick, work);
    }
    this.release(contact, tick + Math.round(holdMs * 1000));
    return true;
  }

  news(device: number, tick: number): void {
    const contact = this.held[device];
    if (contact !== undefined && tick < contact.heldUntil) {
      this.release(contact, Math.max(tick, this.world.queue.tick));
    }
  }

  /** Whether the hold of a contact ends at `tick`, and not at another time that news have set. */
  ends(contact: Contact, tick: number): boolean {
    if (contact.heldUntil !== tick) return false;
    contact.heldUntil = NaN;
    contact.sentAt = tick;
    this.held[contact.device] = undefined;
    return true;
  }

  /** When the answer to a held request reaches its device, which may have to be paged, or be away. */
  reaches({ device, kind, roundTrip }: Contact, done: number): number {
    const { world } = this;
    const online = world.onlineAt(device, done);
    return this.airtime.heard(device, kind, online + (roundTrip >> 1)) - (roundTrip >> 1);
  }

  private release(contact: Contact, tick: number): void {
    contact.heldUntil = tick;
    this.world.queue.push(tick, contact.device, eventCode(eventKinds.released, contact.slot));
  }
}
