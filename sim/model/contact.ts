/** A contact under way. Slots are reused, so a run allocates as many as are ever under way at once. */
export class Contact {
  readonly slot: number;
  device = 0;
  /** Places of the collection being asked about, and of all, in the device's list. */
  place = 0;
  places = 0;
  stage: ContactStage = 'check';
  startedAt = 0;
  /** End of the contact before: until then the device could not have known what this one brings. */
  previousEnd = 0;
  roundTrip = 0;
  learned = 0;
  /** Started by the schedule, maybe together with a push. */
  scheduled = false;
  /** What the report of the current collection showed: the version, and the sizes of the bodies to fetch. */
  version = 0;
  readonly sizes: number[] = [];

  constructor(slot: number) {
    this.slot = slot;
  }
}

export type ContactStage = 'check' | 'report' | 'fetch';

export class ContactPool {
  private readonly slots: Contact[] = [];
  private readonly free: Contact[] = [];

  take(): Contact {
    const spare = this.free.pop();
    if (spare !== undefined) return spare;
    const added = new Contact(this.slots.length);
    this.slots.push(added);
    return added;
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
