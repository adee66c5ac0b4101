import {
  createSyncPolicy,
  streamKey,
  streams,
  uniform,
  type DeviceGroup,
  type RetrySpec,
  type SyncMoment,
  type SyncPolicy,
  type Whereabouts,
} from '../../sim/index.ts';
import {
  readSyncToken,
  type Connection,
  type Credentials,
  type Exchange,
  type PushMessage,
  type PushRegistration,
  type Replica,
  type SyncOutcome,
} from '../client/index.ts';
import { AccountSync } from './account-sync.ts';
import { DeviceSession } from './device-session.ts';
import type { Retries } from './retries.ts';
import { habitsOf } from './habits.ts';

/** A collection as one device shows it. */
export interface Subscription {
  readonly collection: number;
  /** By which push messages name it; undefined where push is not offered. */
  readonly topic?: string | undefined;
  readonly replica: Replica;
  readonly credentials: Credentials;
  /** The change that this device wrote last, by path of the object. */
  readonly written: Map<string, number>;
  registration?: PushRegistration;
}

/** What a device needs of the run it is in. */
export interface DeviceWorld {
  readonly seed: number;
  /** `NaN` before the run begins. */
  readonly now: () => number;
  /** Calls back at an instant. */
  readonly at: (atMs: number, action: () => void) => void;
  readonly onExchange: (device: number, exchange: Exchange, intendedAt: number) => void;
  readonly onContact: (device: number, startedAt: number, learned: number) => void;
  readonly onLag: (lagMs: number, atMs: number) => void;
  /** The device brought one collection up to date at `atMs`, having asked from `startedAt` on; gives how many changes of others it learned. */
  readonly onSynced: (
    device: number,
    subscription: Subscription,
    outcome: SyncOutcome,
    startedAt: number,
    atMs: number,
  ) => number;
  readonly onFailure: (device: number, error: unknown) => void;
  /** Tries again what failed; nothing is when it is left out. */
  readonly retries?: Retries;
  /** When devices of a group can and may ask; all at any time when it is left out. */
  readonly whereabouts?: (device: number) => Whereabouts;
}

const ticksOf = (ms: number): number => Math.round(ms * 1000);

const anywhere = {
  always: true,
  ungated: true,
  onlineAt: (_device: number, tick: number): number => tick,
  contactAt: (_device: number, tick: number): number => tick,
  pushedContactAt: (_device: number, _tick: number, wanted: number): number => wanted,
  began: (): void => {},
};

/**
 * One live device. Its policy is the simulator's, driven by the wall clock: what is scheduled and what a push
 * leads to are two pending instants, the earlier starts a contact, and what falls due during one starts when it ends.
 */
export class LiveDevice {
  readonly index: number;
  readonly connection: Connection;
  readonly subscriptions: readonly Subscription[];
  readonly #world: DeviceWorld;
  readonly #account: AccountSync;
  readonly #policy: SyncPolicy;
  readonly #moment: SyncMoment;
  readonly #key: number;
  #draws = 0;
  #scheduledAt = Infinity;
  #pushedAt = Infinity;
  #freeAt = 0;
  #contact: Promise<void> | undefined;
  #stopped = false;
  /** Messages that a push service had kept for it, which come with its connection, before the device begins. */
  readonly #kept: (PushMessage | undefined)[] = [];
  /** What pushes announced that was not asked about yet. */
  #announced = new Set<Subscription>();
  readonly #whereabouts: Pick<
    Whereabouts,
    'always' | 'ungated' | 'onlineAt' | 'contactAt' | 'pushedContactAt' | 'began'
  >;

  constructor(
    index: number,
    group: DeviceGroup,
    connection: Connection,
    subscriptions: readonly Subscription[],
    world: DeviceWorld,
  ) {
    this.index = index;
    this.connection = connection;
    this.subscriptions = subscriptions;
    const habits = { ...habitsOf(group.client), asksPace: group.syncPolicy.kind === 'server-paced' };
    this.#account = new AccountSync(index, connection, habits, subscriptions, world, group.client.retries);
    this.#world = world;
    this.#whereabouts = world.whereabouts?.(index) ?? anywhere;
    this.#policy = createSyncPolicy(group.syncPolicy);
    this.#key = streamKey(world.seed, streams.policy);
    this.#moment = {
      now: 0,
      scheduled: 0,
      learned: 0,
      retryAfterMs: NaN,
      paceMs: NaN,
      known: false,
      zoneMs: world.whereabouts?.(index).zoneMs(index) ?? 0,
      memory: 0,
      random: () => this.#draw(),
    };
  }

  get usesPush(): boolean {
    return this.#policy.usesPush;
  }

  get isAlwaysReachable(): boolean {
    return this.#whereabouts.always;
  }

  /** When the next contact that the policy scheduled can start, pushes aside; `Infinity` for none. */
  get scheduledAt(): number {
    return this.#allowedAt(this.#scheduledAt);
  }

  /** Asks the policy for the first contact of a device that begins at `startMs`. */
  begin(startMs = 0): void {
    this.#momentAt(startMs, startMs, 0);
    this.#scheduledAt = this.#policy.first(this.#moment);
    this.#announce();
    for (const message of this.#kept.splice(0)) this.pushed(message);
  }

  /** A push message reached the device; `undefined` for one that cannot be read, which is news, as a real client takes it. */
  pushed(message: PushMessage | undefined): void {
    if (this.#stopped || message?.contentUpdate === false) return;
    const now = this.#world.now();
    if (Number.isNaN(now)) {
      this.#kept.push(message);
      return;
    }
    const about = this.subscriptions.find(({ topic }) => topic !== undefined && topic === message?.topic);
    const moment = this.#momentAt(now, this.#scheduledAt, 0);
    moment.known = about !== undefined && about.replica.token === message?.syncToken;
    const wanted = this.#policy.onPush(moment);
    const allowed = this.#whereabouts.pushedContactAt(this.index, ticksOf(now), ticksOf(wanted)) / 1000;
    if (wanted === Infinity) return;
    if (about !== undefined) this.#announced.add(about);
    if (allowed >= this.#pushedAt) return;
    this.#pushedAt = allowed;
    this.#announce();
  }

  /** What the client does about requests that fail. */
  get retryRules(): RetrySpec | undefined {
    return this.#account.rules;
  }

  /** Starts no more contacts; gives when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#contact;
  }

  /** A contact outside the counted time. What it brings counts as learned at `asIfAt`; rejects when a request fails. */
  async syncNow(asIfAt?: number): Promise<number> {
    return await this.#account.run(undefined, this.#world.now(), asIfAt);
  }

  /** Has a connection to the server, as a first sync leaves one. Rejects when the request fails that it takes. */
  async connect(): Promise<void> {
    const [first] = this.subscriptions;
    if (first !== undefined) await readSyncToken(this.session(first.credentials, Infinity), first.replica);
  }

  /** A session of this device for one of its collections; `intendedAt` is when the next request should start. */
  session(credentials: Credentials, intendedAt: number): DeviceSession {
    return new DeviceSession(this.index, this.connection, credentials, this.#world, intendedAt);
  }

  /** The first instant from `atMs` on at which the device is reachable, ms. */
  onlineAt(atMs: number): number {
    return this.#whereabouts.always || atMs === Infinity
      ? atMs
      : this.#whereabouts.onlineAt(this.index, ticksOf(atMs)) / 1000;
  }

  #announce(): void {
    if (this.#contact !== undefined) return;
    const dueAt = this.#dueAt();
    if (dueAt !== Infinity) this.#world.at(dueAt, this.#due);
  }

  /** When the next contact should start, were the device free. */
  #dueAt(): number {
    if (this.#whereabouts.always && this.#whereabouts.ungated)
      return Math.min(this.#scheduledAt, this.#pushedAt);
    const allowed = this.#allowedAt(Math.max(this.#scheduledAt, this.#freeAt));
    return Math.min(allowed, this.onlineAt(Math.max(this.#pushedAt, this.#freeAt)));
  }

  /** When a scheduled contact that is wanted at `atMs` may start. */
  #allowedAt(atMs: number): number {
    if (this.#policy.byUser === true || atMs === Infinity) return this.onlineAt(atMs);
    return this.#whereabouts.contactAt(this.index, ticksOf(atMs)) / 1000;
  }

  readonly #due = (): void => {
    const now = this.#world.now();
    const intendedAt = this.#dueAt();
    // An entry of the agenda may be out of date: the device is busy, or what it stood for was moved.
    if (this.#stopped || this.#contact !== undefined || intendedAt > now) return;
    this.#world.onLag(now - Math.max(intendedAt, this.#freeAt), now);
    this.#contact = this.#makeContact(now, intendedAt);
  };

  async #makeContact(startedAt: number, intendedAt: number): Promise<void> {
    const scheduled = this.#scheduledAt <= startedAt;
    if (this.#pushedAt <= startedAt) this.#pushedAt = Infinity;
    if (scheduled) this.#whereabouts.began(this.index, ticksOf(startedAt));
    const wanted = this.#takeAnnounced(scheduled);
    let learned = 0;
    try {
      learned = await this.#account.run(wanted, intendedAt);
    } catch (error) {
      this.#world.onFailure(this.index, error);
    }
    this.#world.onContact(this.index, startedAt, learned);
    const now = this.#world.now();
    if (scheduled) this.#scheduledAt = this.#policy.next(this.#momentAt(now, this.#scheduledAt, learned));
    this.#contact = undefined;
    this.#freeAt = now;
    if (!this.#stopped) this.#announce();
  }

  /** What a contact asks about: everything, or what pushes announced when the policy leaves it at that. */
  #takeAnnounced(scheduled: boolean): ReadonlySet<Subscription> | undefined {
    if (this.#policy.pushedOnly !== true) return undefined;
    // A push that is still to lead to a contact keeps what it announced.
    if (this.#pushedAt !== Infinity) return scheduled ? undefined : new Set(this.#announced);
    const announced = this.#announced;
    this.#announced = new Set();
    return scheduled || announced.size === 0 ? undefined : announced;
  }

  #momentAt(now: number, scheduled: number, learned: number): SyncMoment {
    const moment = this.#moment;
    moment.now = now;
    moment.scheduled = scheduled;
    moment.learned = learned;
    moment.retryAfterMs = this.#account.retryAfterMs;
    moment.paceMs = this.#account.paceMs;
    moment.known = false;
    return moment;
  }

  #draw(): number {
    const draw = uniform(this.#key, this.index, this.#draws);
    this.#draws += 1;
    return draw;
  }
}
