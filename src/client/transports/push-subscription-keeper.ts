import type { PushMessage } from '../push-message.ts';
import type { Session } from '../session.ts';
import { chooseTransport, type ClientEnvironment, type TransportChoice } from './choose-transport.ts';
import type { ClientSubscription, ClientTransport, PushEvent } from './client-transport.ts';
import { discoverTransports } from './discover-transports.ts';
import { systemClock, type KeeperClock } from './keeper-clock.ts';
import type { OfferedTransports, TransportName } from './offered-transports.ts';

/** A decision of the keeper, with what led to it. */
export interface KeeperReport extends TransportChoice {
  readonly collection: string;
  readonly cause: 'first' | 'due' | 'key rotation' | 'failure';
  /** Undefined while the collection is polled. */
  readonly subscription: ClientSubscription | undefined;
}

export interface KeeperOptions {
  readonly session: Session;
  readonly environment: ClientEnvironment;
  /** Those that the device has, in any order. */
  readonly transports: readonly ClientTransport[];
  readonly onChange: (collection: string, message: PushMessage) => void;
  readonly onReport?: (report: KeeperReport) => void;
  readonly clock?: KeeperClock;
  /** Asked of the server, ms; a week when left out. */
  readonly lifetimeMs?: number;
}

interface Watch {
  readonly collection: string;
  readonly home: string;
  readonly failing: Map<TransportName, string>;
  offered: OfferedTransports | undefined;
  active: { readonly transport: ClientTransport; readonly subscription: ClientSubscription } | undefined;
  dueAt: number;
  /** The key that an announcement said would change, and how often it was still there. */
  leaving: { readonly key: string | undefined; readonly seen: number } | undefined;
}

const weekMs = 604_800_000;
/** Share of a lifetime after which it is renewed: leaves time for a device that is off for a day or two. */
const renewalShare = 0.6;
/** However short a server's lifetimes, and however wrong its clock. */
const minRenewalMs = 60_000;
/** When something better than what is in use failed, or the server did, it is tried again after this. */
const retryMs = 3_600_000;
/** The announcement comes before the new key (WebDAV-Push draft, VAPID), so the old one may be seen for a while. */
const keyRetryMs = 5000;
const maxKeyRetries = 60;

/**
 * Keeps a client subscribed to its collections: chooses a transport for each, renews before expiry, subscribes anew
 * when the server's key changes, falls back when a transport fails and returns to it later, and tells why.
 */
export class PushSubscriptionKeeper {
  readonly #options: KeeperOptions;
  readonly #clock: KeeperClock;
  readonly #transports: ReadonlyMap<TransportName, ClientTransport>;
  readonly #watches: Watch[] = [];
  #work: Promise<void> = Promise.resolve();
  #cancelTimer = (): void => {};
  #closed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#transports = new Map(options.transports.map((transport) => [transport.name, transport]));
    for (const transport of options.transports) {
      transport.listen({
        onMessage: (event) => this.#received(event),
        onFailure: (reason) => this.#failed(transport.name, reason),
      });
    }
  }

  /**
   * Begins to keep a collection; `home` is the home that it is in. What changed before it resolves may go untold: the
   * caller syncs once afterwards. @throws DavpulseError when the server cannot be asked what it offers
   */
  watch(collection: string, home: string): Promise<void> {
    const watch: Watch = {
      collection,
      home,
      failing: new Map(),
      offered: undefined,
      active: undefined,
      dueAt: Infinity,
      leaving: undefined,
    };
    return this.#inTurn(async () => {
      await this.#establish(watch, 'first');
      this.#watches.push(watch);
    });
  }

  /** Ends every subscription and all transports. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      this.#closed = true;
      this.#cancelTimer();
      const active = this.#watches.flatMap((watch) => watch.active ?? []);
      await Promise.allSettled(active.map(({ transport, subscription }) => transport.remove(subscription)));
      for (const transport of this.#transports.values()) transport.close();
    });
  }

  /** One thing after the other, so that no collection is subscribed twice at once. */
  async #inTurn(task: () => Promise<void>): Promise<void> {
    const run = this.#work.then(task);
    this.#work = run.catch(() => {});
    await run.finally(() => this.#arm());
  }

  #arm(): void {
    this.#cancelTimer();
    const due = Math.min(...this.#watches.map(({ dueAt }) => dueAt));
    if (this.#closed || due === Infinity) return;
    this.#cancelTimer = this.#clock.at(due, () => {
      this.#again('due', (watch) => {
        if (watch.dueAt > this.#clock.now()) return false;
        watch.failing.clear();
        return true;
      });
    });
  }

  /** Looks again at the collections that `concerns` picks. */
  #again(cause: KeeperReport['cause'], concerns: (watch: Watch) => boolean): void {
    void this.#inTurn(async () => {
      for (const watch of this.#closed ? [] : this.#watches.filter(concerns)) {
        // The subscription in use stays while the server cannot be asked.
        await this.#establish(watch, cause).catch(() => (watch.dueAt = this.#clock.now() + retryMs));
      }
    });
  }

  #received(event: PushEvent): void {
    if (this.#closed) return;
    if (event.kind === 'key-rotation') {
      this.#again('key rotation', (watch) => {
        if (watch.active?.transport.name !== 'web-push') return false;
        watch.leaving = { key: watch.offered?.webPush?.vapidKey, seen: 0 };
        return true;
      });
      return;
    }
    for (const { active, collection } of this.#watches) {
      if (active?.subscription.about === event.about) this.#options.onChange(collection, event.message);
    }
  }

  #failed(name: TransportName, reason: string): void {
    this.#again('failure', (watch) => {
      if (watch.active?.transport.name !== name) return false;
      watch.failing.set(name, reason);
      return true;
    });
  }

  async #establish(watch: Watch, cause: KeeperReport['cause']): Promise<void> {
    const offered = await discoverTransports(this.#options.session, watch.collection, watch.home);
    watch.offered = offered;
    const before = watch.active;
    let choice = this.#choose(watch, offered);
    while (choice.transport !== 'poll') {
      try {
        watch.active = await this.#subscribe(choice.transport, offered, before);
        break;
      } catch (error) {
        watch.failing.set(choice.transport, error instanceof Error ? error.message : String(error));
        choice = this.#choose(watch, offered);
      }
    }
    if (choice.transport === 'poll') watch.active = undefined;
    if (before !== undefined && before.transport !== watch.active?.transport) {
      await before.transport.remove(before.subscription).catch(() => {});
    }
    watch.dueAt = this.#nextLook(watch);
    this.#options.onReport?.({
      ...choice,
      collection: watch.collection,
      cause,
      subscription: watch.active?.subscription,
    });
  }

  #choose(watch: Watch, offered: OfferedTransports): TransportChoice {
    const missing = (['apple', 'web-push', 'stream'] as const)
      .filter((name) => !this.#transports.has(name))
      .map((name) => [name, 'this client has no part for it'] as const);
    return chooseTransport(this.#options.environment, offered, new Map([...watch.failing, ...missing]));
  }

  async #subscribe(
    name: TransportName,
    offered: OfferedTransports,
    before: Watch['active'],
  ): Promise<NonNullable<Watch['active']>> {
    const transport = this.#transports.get(name);
    if (transport === undefined) throw new RangeError(`no transport ${name}`);
    const until = this.#clock.now() + (this.#options.lifetimeMs ?? weekMs);
    const subscription =
      before?.transport === transport
        ? await transport.renew(before.subscription, offered, until)
        : await transport.subscribe(offered, until);
    return { transport, subscription };
  }

  #nextLook(watch: Watch): number {
    const now = this.#clock.now();
    const renewal =
      watch.active === undefined
        ? Infinity
        : now + Math.max(minRenewalMs, (watch.active.subscription.expiresAt - now) * renewalShare);
    const retry = watch.failing.size > 0 || watch.active === undefined ? now + retryMs : Infinity;
    return Math.min(renewal, retry, this.#nextLookAtKey(watch, now));
  }

  #nextLookAtKey(watch: Watch, now: number): number {
    const { leaving, offered } = watch;
    const arrived = leaving === undefined || offered?.webPush?.vapidKey !== leaving.key;
    watch.leaving =
      arrived || leaving.seen >= maxKeyRetries ? undefined : { ...leaving, seen: leaving.seen + 1 };
    return watch.leaving === undefined ? Infinity : now + keyRetryMs;
  }
}
