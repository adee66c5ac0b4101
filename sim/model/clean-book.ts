import type { DeviceKind } from './device-kind.ts';
import type { Traffic } from './traffic.ts';

/**
 * The clean polls of one device group: what they have in common, in ticks, and the sums of those made so far. Only what
 * tells them apart is counted one by one; the rest goes on the books when all are made.
 */
export class CleanBook {
  /** A radio that rests longer has to be woken, which takes `promotion`. */
  readonly awake: number;
  readonly promotion: number;
  /** A connection that is unused for longer has to be opened anew, which takes `connectLead`. */
  readonly kept: number;
  readonly connectLead: number;
  readonly sending: number;
  readonly halfTrip: number;
  /** From the end of sending to the first byte of the answer, where no request waits. */
  readonly waiting: number;
  readonly receiving: number;
  readonly tailTotal: number;
  readonly firstTail: number;
  /** Of the schedule; 0 where a policy is to be asked. */
  readonly period: number;
  readonly request: number;
  readonly service: number;
  contacts = 0;
  promoted = 0;
  connected = 0;
  /** Rests before them that outlast the tail. */
  fullRests = 0;
  fullRestTicks = 0;
  /** Those whose request was queued. */
  queued = 0;
  queuedTicks = 0;

  /** `service`: how long the server takes for the first request of such a device. */
  constructor(kind: DeviceKind, service: number) {
    const { radio } = kind;
    this.awake = radio.awakeTicks;
    this.promotion = radio.promotionTicksEach;
    this.kept = kind.keptTicks;
    this.connectLead = kind.connectLead;
    this.sending = kind.firstTicksUp;
    this.halfTrip = kind.fixedRoundTrip >> 1;
    this.waiting = service + 2 * this.halfTrip;
    this.receiving = kind.firstTicksDown;
    this.tailTotal = radio.tailTotal;
    this.firstTail = radio.firstTail;
    this.period = kind.wholePeriod;
    this.request = kind.firstRequest;
    this.service = service;
  }

  /** Puts all of them on the books; done once. */
  settle(kind: DeviceKind, traffic: Traffic): void {
    const { contacts, connected } = this;
    kind.contacts += contacts;
    kind.emptyContacts += contacts;
    kind.polls += contacts;
    kind.pollConnects += connected;
    const active = contacts * (this.sending + this.receiving) + connected * kind.connectTicks;
    const connecting = connected * (this.connectLead - kind.connectTicks);
    kind.radio.restFully(this.fullRests, this.fullRestTicks);
    kind.radio.brief(this.promoted, active, contacts * this.waiting + this.queuedTicks + connecting);
    traffic.prompts(this.request, contacts - this.queued);
  }
}
