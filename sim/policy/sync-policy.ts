/**
 * When a device asks. A policy is pure: the moment comes in, the next contact comes out. The simulator and the
 * live fleet run the very same code, one with a simulated and one with a wall clock.
 *
 * A policy keeps nothing itself. What one device must remember is `memory`, one number that the caller keeps
 * for it (a typed column in the simulator), so a million devices share one policy object.
 */
export interface SyncPolicy {
  readonly kind: string;
  /** Whether devices with this policy subscribe to push. */
  readonly usesPush: boolean;
  /** Whether it uses `memory`; the caller need not keep it otherwise. */
  readonly remembers: boolean;
  /** `next` is the instant scheduled before plus this, whatever the contact brought; absent when it depends on more. */
  readonly periodMs?: number;
  /** The shortest interval between two polls that it names, ms; absent when it names none. */
  readonly shortestMs?: number;
  /** Its contacts follow from what the device itself found, and those of many devices are spread over time. */
  readonly alone?: true;
  /** The server may hold a request that finds nothing for so long before it answers (long poll); absent for at once. */
  readonly holdMs?: number;
  /** A contact that only a push led to asks about the pushed collections alone, not about all. */
  readonly pushedOnly?: boolean;
  /** It looks at `known`; the caller need not find it out otherwise. */
  readonly skipsKnown?: boolean;
  /** Contacts are made by users with the device at hand, so that no rule for the background applies to them. */
  readonly byUser?: boolean;
  /** The first scheduled contact at or after `moment.now`, in ms; `Infinity` for none. */
  first(moment: SyncMoment): number;
  /**
   * The next scheduled contact, after a scheduled one that ended at `moment.now`. A contact that a push led to
   * leaves the schedule as it is.
   */
  next(moment: SyncMoment): number;
  /** The contact that a push arriving at `moment.now` leads to; `Infinity` to let it pass. */
  onPush(moment: SyncMoment): number;
}

/** What a policy may look at. One object is reused for every device, so it must not be kept. */
export interface SyncMoment {
  /** Now, in ms since the start of the run. */
  now: number;
  /** The instant the contact in question was scheduled for, so that intervals do not drift. */
  scheduled: number;
  /** Changes that the contact brought. */
  learned: number;
  /** How long the server asked to be left alone when it refused this contact (RFC 9110 section 10.2.3), ms; `NaN` when it did not. */
  retryAfterMs: number;
  /** The interval between contacts that the server announced last, ms; `NaN` when it has announced none. */
  paceMs: number;
  /** Of a push: the device already holds the state that the message announces. */
  known: boolean;
  /** What the clock of the device's user shows is `now` plus this, ms. */
  zoneMs: number;
  /** This device's own number; the policy may read and replace it. */
  memory: number;
  /** A fresh uniform draw in [0, 1) from this device's own stream. */
  random(): number;
}
