import type { DeviceKind } from './device-kind.ts';
import type { Exchange } from './exchange.ts';

/** A contact under way. Slots are reused, so a run allocates as many as are ever under way at once. */
export class Contact implements Exchange {
  readonly slot: number;
  kind: DeviceKind;
  device = 0;
  /** Place of the collection being asked about in the device's list. */
  place = 0;
  startedAt = 0;
  /** End of the contact before: until then the device could not have known what this one brings. */
  previousEnd = 0;
  learned = 0;
  /** Started by the schedule, maybe together with a push. */
  scheduled = false;
  roundTrip = 0;
  request = 0;
  items = 0;
  readonly bodyUp = 0;
  bodyDown = 0;
  /** Only the places in `changed` are asked about: those that the home showed to have changed, or that pushes announced. */
  listed = false;
  /** Places to ask about, last first. */
  readonly changed: number[] = [];
  /** Multigets under way, in the order in which they were sent, and when the last answer so far was complete. */
  readonly batches: Batch[] = [];
  fetchedAt = 0;
  /** Multigets that failed and are to be tried again. */
  readonly failedBatches: Batch[] = [];
  /** When the pending request was sent. */
  sentAt = 0;
  /** When the server is done with a request that had to wait. */
  doneAt = 0;
  /** When the server answers the request that it holds; `NaN` while it holds none. */
  heldUntil = NaN;
  /** It has held one. */
  wasHeld = false;
  /** Requests under way or waiting to be tried again. */
  pending = 0;
  /** How many requests failed. */
  tries = 0;
  /** Too many did. */
  givenUp = false;
  /** For how long the server asked to be left alone when it refused the last request, ms; `NaN` when it did not. */
  retryAfterMs = NaN;
  /** What the report of the current collection showed: the version, and the sizes of the bodies to fetch. */
  version = 0;
  readonly sizes: number[] = [];

  constructor(slot: number, kind: DeviceKind) {
    this.slot = slot;
    this.kind = kind;
  }
}

/** What one multiget asks for: how many objects, and the size of their bodies together. */
export interface Batch {
  readonly items: number;
  readonly bytes: number;
}

export class ContactPool {
  private readonly slots: Contact[] = [];
  private readonly free: Contact[] = [];

  take(kind: DeviceKind): Contact {
    const spare = this.free.pop();
    if (spare === undefined) {
      const added = new Contact(this.slots.length, kind);
      this.slots.push(added);
      return added;
    }
    spare.kind = kind;
    return spare;
  }

  at(slot: number): Contact {
    const contact = this.slots[slot];
    if (contact === undefined) throw new RangeError(`no contact in slot ${slot}`);
    return contact;
  }

  release(contact: Contact): void {
    this.free.push(contact);
  }
}
