import type { Urgency } from '../policy/index.ts';

/** A push message on its way. Slots are reused, so a run allocates as many as are ever under way at once. */
export class PushMessage {
  readonly slot: number;
  device = 0;
  /** Place of the collection in the device's list. */
  place = 0;
  /** The version of the collection when the message left; `Infinity` for devices that do not look at it. */
  version = 0;
  urgency: Urgency = 'normal';
  topic = false;
  /** When the push service lets go of it, in ticks (RFC 8030 section 5.2). */
  expiresAt = 0;
  /** A newer one has taken its place. */
  replaced = false;

  constructor(slot: number) {
    this.slot = slot;
  }
}

export class PushMessagePool {
  private readonly slots: PushMessage[] = [];
  private readonly free: PushMessage[] = [];

  take(device: number, place: number): PushMessage {
    const spare = this.free.pop();
    const message = spare ?? new PushMessage(this.slots.length);
    if (spare === undefined) this.slots.push(message);
    message.device = device;
    message.place = place;
    message.replaced = false;
    return message;
  }

  at(slot: number): PushMessage {
    const message = this.slots[slot];
    if (message === undefined) throw new RangeError(`no push message in slot ${slot}`);
    return message;
  }

  release(message: PushMessage): void {
    this.free.push(message);
  }
}
