import {
  createSyncPolicy,
  streamKey,
  streams,
  uniform,
  type DeviceGroup,
  type SyncMoment,
  type SyncPolicy,
} from '../../sim/index.ts';
import type {
  Connection,
  Credentials,
  Exchange,
  PushRegistration,
  Replica,
  Session,
  SyncOutcome,
} from '../client/index.ts';
import { AccountSync } from './account-sync.ts';
import { DeviceSession } from './device-session.ts';
import { habitsOf } from './habits.ts';

/** A collection as one device shows it. */
export interface Subscription {
  readonly collection: number;
  readonly replica: Replica;
  readonly credentials: Credentials;
  /** The change that this device wrote last, by path of the object. */
  readonly written: Map<string, number>;
  registration?: PushRegistration;
}

/** What a device needs of the run it is in. */
export interface DeviceWorld {
  readonly seed: number;
  readonly now: () => number;
  /** Calls back at an instant. */
  readonly at: (atMs: number, action: () => void) => void;
  readonly onExchange: (device: number, exchange: Exchange, intendedAt: number) => void;
  readonly onContact: (device: number, startedAt: number, learned: number) => void;
  readonly onLag: (lagMs: number, atMs: number) => void;
  /** The device brought one collection up to date at `atMs`; gives how many changes of others it learned. */
  readonly onSynced: (
    device: number,
    subscription: Subscription,
    outcome: SyncOutcome,
    atMs: number,
  ) => number;
  readonly onFailure: (device: number, error: unknown) => void;
}

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
    this.#account = new AccountSync(index, connection, habitsOf(group.client), subscriptions, world);
    this.#world = world;
    this.#policy = createSyncPolicy(group.syncPolicy);
    this.#key = streamKey(world.seed, streams.policy);
    this.#moment = {
      now: 0,
      scheduled: 0,
      learned: 0,
      retryAfterMs: NaN,
      paceMs: NaN,
      known: false,
      zoneMs: 0,
      memory: 0,
      random: () => this.#draw(),
    };
  }

  get usesPush(): boolean {
    return this.#policy.usesPush;
  }

  /** When the policy wants the next contact, pushes aside. */
  get scheduledAt(): number {
    return this.#scheduledAt;
  }

  /** Asks the policy for the first contact; the clock stands at 0. */
  begin(): void {
    this.#scheduledAt = this.#policy.first(this.#moment);
    this.#announce();
  }

  /** A push message reached the device. */
  pushed(): void {
    if (this.#stopped) return;
    const moment = this.#moment;
    moment.now = this.#world.now();
    moment.scheduled = this.#scheduledAt;
    moment.learned = 0;
    const wanted = this.#policy.onPush(moment);
    if (wanted >= this.#pushedAt) return;
    this.#pushedAt = wanted;
    this.#announce();
  }

  /** Starts no more contacts; gives when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#contact;
  }

  /** A contact outside the counted time. What it brings counts as learned at `asIfAt`; rejects when a request fails. */
  async syncNow(asIfAt?: number): Promise<number> {
    return await this.#account.run(this.#world.now(), asIfAt);
  }

  /** A session of this device for one of its collections; `intendedAt` is when the next request should start. */
  session(credentials: Credentials, intendedAt: number): Session {
    return new DeviceSession(this.index, this.connection, credentials, this.#world, intendedAt);
  }

  #announce(): void {
    if (this.#contact !== undefined) return;
    const dueAt = Math.min(this.#scheduledAt, this.#pushedAt);
    if (dueAt !== Infinity) this.#world.at(dueAt, this.#due);
  }

  readonly #due = (): void => {
    const now = this.#world.now();
    const intendedAt = Math.min(this.#scheduledAt, this.#pushedAt);
    // An entry of the agenda may be out of date: the device is busy, or what it stood for was moved.
    if (this.#stopped || this.#contact !== undefined || intendedAt > now) return;
    this.#world.onLag(now - Math.max(intendedAt, this.#freeAt), now);
    this.#contact = this.#makeContact(now, intendedAt);
  };

  async #makeContact(startedAt: number, intendedAt: number): Promise<void> {
    const scheduled = this.#scheduledAt <= startedAt;
    if (this.#pushedAt <= startedAt) this.#pushedAt = Infinity;
    let learned = 0;
    try {
      learned = await this.#account.run(intendedAt);
    } catch (error) {
      this.#world.onFailure(this.index, error);
    }
    this.#world.onContact(this.index, startedAt, learned);
    const now = this.#world.now();
    if (scheduled) this.#schedule(now, learned);
    this.#contact = undefined;
    this.#freeAt = now;
    if (!this.#stopped) this.#announce();
  }

  #schedule(now: number, learned: number): void {
    const moment = this.#moment;
    moment.now = now;
    moment.scheduled = this.#scheduledAt;
    moment.learned = learned;
    this.#scheduledAt = this.#policy.next(moment);
  }

  #draw(): number {
    const draw = uniform(this.#key, this.index, this.#draws);
    this.#draws += 1;
    return draw;
  }
}
