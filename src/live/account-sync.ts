import { streamKey, streams, uniform, type RetrySpec } from '../../sim/index.ts';
import {
  readHomeTokens,
  syncReplica,
  type Connection,
  type Replica,
  type SyncHabits,
  type SyncOutcome,
} from '../client/index.ts';
import type { DeviceWorld, Subscription } from './device.ts';
import { DeviceSession } from './device-session.ts';

const noTokens: ReadonlyMap<string, string> = new Map();

/** How one device goes through its collections when it asks. */
export class AccountSync {
  /** What the client does about requests that fail. */
  readonly rules: RetrySpec | undefined;
  readonly #random: () => number;
  /** What the server asked for when it refused the contact (RFC 9110 section 10.2.3), ms; `NaN` when it did not. */
  retryAfterMs = NaN;
  /** The interval that the server announced last, ms; `NaN` when none. */
  paceMs = NaN;
  readonly #device: number;
  readonly #habits: SyncHabits;
  readonly #world: DeviceWorld;
  readonly #steps: readonly { readonly subscription: Subscription; readonly session: DeviceSession }[];

  constructor(
    device: number,
    connection: Connection,
    habits: SyncHabits,
    subscriptions: readonly Subscription[],
    world: DeviceWorld,
    rules: RetrySpec | undefined,
  ) {
    this.rules = rules;
    const key = streamKey(world.seed, streams.retry);
    let draws = 0;
    this.#random = () => uniform(key, device, draws++);
    this.#device = device;
    this.#habits = habits;
    this.#world = world;
    this.#steps = subscriptions.map((subscription) => ({
      subscription,
      session: new DeviceSession(device, connection, subscription.credentials, world, Infinity),
    }));
  }

  /**
   * One contact with the `wanted` collections (all when undefined) that should start at `intendedAt`; what it brings counts as learned when it is there, or at `asIfAt`.
   * Gives how many changes of others it brought. @throws DavpulseError or the socket's error when a request fails
   */
  async run(
    wanted: ReadonlySet<Subscription> | undefined,
    intendedAt: number,
    asIfAt?: number,
  ): Promise<number> {
    let learned = 0;
    let expectedAt = intendedAt;
    const homes = this.#habits.check === 'home' ? new Map<string, ReadonlyMap<string, string>>() : undefined;
    for (const { subscription, session } of this.#steps) {
      if (wanted?.has(subscription) === false) continue;
      const { replica } = subscription;
      session.expectedAt = expectedAt;
      const startedAt = this.#world.now();
      const outcome = await this.#sync(session, replica, homes);
      const endedAt = this.#world.now();
      learned += this.#world.onSynced(this.#device, subscription, outcome, startedAt, asIfAt ?? endedAt);
      expectedAt = endedAt;
    }
    return learned;
  }

  async #sync(
    session: DeviceSession,
    replica: Replica,
    homes: Map<string, ReadonlyMap<string, string>> | undefined,
  ): Promise<SyncOutcome> {
    this.retryAfterMs = NaN;
    try {
      return await this.#ask(session, replica, homes);
    } catch (error) {
      return await this.#askAgain(error, session, replica, homes);
    } finally {
      if (!Number.isNaN(replica.paceMs)) this.paceMs = replica.paceMs;
    }
  }

  async #askAgain(
    error: unknown,
    session: DeviceSession,
    replica: Replica,
    homes: Map<string, ReadonlyMap<string, string>> | undefined,
  ): Promise<SyncOutcome> {
    const { retries } = this.#world;
    try {
      if (retries === undefined) throw error;
      return await retries.again(error, {
        run: () => this.#ask(session, replica, homes),
        rules: this.rules,
        insist: false,
        refusedForMs: () => session.refusedForMs,
        lastStatus: () => session.lastStatus,
        draw: this.#random,
      });
    } catch (last) {
      this.retryAfterMs = session.refusedForMs;
      throw last;
    }
  }

  async #ask(
    session: DeviceSession,
    replica: Replica,
    homes: Map<string, ReadonlyMap<string, string>> | undefined,
  ): Promise<SyncOutcome> {
    session.lastStatus = 0;
    session.refusedForMs = NaN;
    const shown = homes === undefined ? noTokens : await lookAt(session, parentOf(replica.path), homes);
    return await syncReplica(session, replica, this.#habits, shown.get(replica.path));
  }
}

/** The tokens of all collections of a home; each home is asked once in a contact. */
async function lookAt(
  session: DeviceSession,
  home: string,
  seen: Map<string, ReadonlyMap<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const known = seen.get(home);
  if (known !== undefined) return known;
  const tokens = await readHomeTokens(session, home);
  seen.set(home, tokens);
  return tokens;
}

/** The collection above, with its trailing slash. */
const parentOf = (path: string): string => path.replace(/[^/]*\/?$/, '');
