import type { ServiceMessage, ServiceSubscription } from './records.ts';
import type { ServiceStore } from './store.ts';

/** A connected user agent. */
export interface AgentConnection {
  notify(channel: string, message: ServiceMessage): void;
  /** Ends it because the agent has connected anew. */
  replace(): void;
}

/** Brings messages to the user agents that are connected; what is not acknowledged is brought again on the next connection. */
export class Hub {
  readonly #store: ServiceStore;
  readonly #now: () => number;
  readonly #connections = new Map<string, AgentConnection>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(store: ServiceStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  connect(agent: string, connection: AgentConnection): void {
    this.#connections.get(agent)?.replace();
    this.#connections.set(agent, connection);
    for (const { channel, message } of this.#store.messagesOf(agent, this.#now())) {
      this.#bring(agent, channel, message);
    }
  }

  disconnect(agent: string, connection: AgentConnection): void {
    if (this.#connections.get(agent) === connection) this.#connections.delete(agent);
  }

  /** Stores a message, unless it lives only now (RFC 8030 section 5.2, TTL 0), and brings it. */
  accept(subscription: ServiceSubscription, message: ServiceMessage): void {
    if (message.ttlSeconds > 0) this.#store.addMessage(subscription.id, message);
    this.#bring(subscription.agent, subscription.channel, message);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #bring(agent: string, channel: string, message: ServiceMessage): void {
    const waitMs = message.deliverAt - this.#now();
    if (waitMs <= 0) {
      this.#connections.get(agent)?.notify(channel, message);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#connections.get(agent)?.notify(channel, message);
    }, waitMs);
    this.#timers.add(timer);
  }
}
