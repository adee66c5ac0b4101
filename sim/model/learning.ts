import { countRow, unseen } from '../device/index.ts';
import { deeds } from '../workload/index.ts';
import type { Contact } from './contact.ts';
import type { World } from './world.ts';

/** What a contact notes for the version when a report lists nothing. */
const unchanged = -1;

/** What a device finds when it asks about a collection, and what it makes of it. */
export class Learning {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Whether there may be anything at all that the device does not know. */
  mayKnowLess(device: number): boolean {
    return (this.world.devices.counts[countRow(device) + unseen] ?? 0) !== 0;
  }

  /** How many objects the contact's current collection holds. */
  objectsIn(contact: Contact): number {
    const { layout, spec } = this.world;
    return spec.collectionGroups[layout.groupOfCollection[this.collectionOf(contact)] ?? 0]?.objects ?? 0;
  }

  /** Lists in the contact the places of all collections that the server, at `tick`, shows to have changed. */
  home(contact: Contact, tick: number, places: number): void {
    contact.changed.length = 0;
    if (!this.mayKnowLess(contact.device)) return;
    for (contact.place = places - 1; contact.place >= 0; contact.place -= 1) {
      if (this.isNews(contact, tick)) contact.changed.push(contact.place);
    }
  }

  /** Whether the server, at `tick`, shows a version of the contact's current collection that the device does not know. */
  isNews(contact: Contact, tick: number): boolean {
    const { world } = this;
    if (!this.mayKnowLess(contact.device)) return false;
    return world.versions.versionAt(this.collectionOf(contact), tick) > this.knownBy(contact);
  }

  /** Notes in the contact what a report at `tick` shows; returns how many objects it lists. */
  report(contact: Contact, tick: number): number {
    contact.version = unchanged;
    if (!this.mayKnowLess(contact.device)) return 0;
    const { world } = this;
    const { versions, schedule } = world;
    const collection = this.collectionOf(contact);
    const known = this.knownBy(contact);
    const version = versions.versionAt(collection, tick);
    if (version === known) return 0;
    contact.version = version;
    const single = version - known === 1;
    // A set that is emptied again and again would hold on to its former tables, as a map does.
    const objects = single ? undefined : new Set<number>();
    // Newest first: of several changes to one object only the last is there to be fetched.
    for (let version = contact.version; version > known; version -= 1) {
      const change = versions.changeOf(collection, version);
      const object = schedule.object[change] ?? 0;
      if (objects !== undefined) {
        if (objects.has(object)) continue;
        objects.add(object);
      }
      const isGone = schedule.deed[change] === deeds.remove;
      if (schedule.writer[change] !== contact.device && !isGone) {
        contact.sizes.push(schedule.bytes[change] ?? 0);
      }
    }
    return objects?.size ?? 1;
  }

  /** The device holds, from `tick` on, the version that the report showed; returns how many changes are new to it. */
  learn(contact: Contact, tick: number): number {
    if (contact.version === unchanged) return 0;
    const { world } = this;
    const { versions, schedule, ledger, devices } = world;
    const collection = this.collectionOf(contact);
    const known = this.knownBy(contact);
    let learned = 0;
    let staleFrom = Infinity;
    for (let version = known + 1; version <= contact.version; version += 1) {
      const change = versions.changeOf(collection, version);
      if (schedule.writer[change] === contact.device) continue;
      const committedAt = versions.committedAt[change] ?? 0;
      if (staleFrom === Infinity) staleFrom = committedAt;
      ledger.seen(schedule.importance[change] ?? 0, committedAt, tick);
      learned += 1;
    }
    const subscription = this.subscriptionOf(contact);
    if (learned > 0) {
      const held = world.heldUntil(contact.device, subscription, contact.previousEnd);
      ledger.stale(staleFrom > held ? staleFrom : held, tick);
    }
    if (world.learnedAt.length > 0) world.learnedAt[subscription] = tick;
    const count = countRow(contact.device) + unseen;
    devices.counts[count] = (devices.counts[count] ?? 0) - (contact.version - known);
    world.known[subscription] = contact.version;
    return learned;
  }

  private subscriptionOf(contact: Contact): number {
    return this.world.firstSubscriptionOf(contact.device) + contact.place;
  }

  private knownBy(contact: Contact): number {
    return this.world.known[this.subscriptionOf(contact)] ?? 0;
  }

  private collectionOf(contact: Contact): number {
    return (
      this.world.layout.collectionList[this.world.firstCollectionOf(contact.device) + contact.place] ?? 0
    );
  }
}
