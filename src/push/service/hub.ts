import type { Urgency } from '../../../sim/index.ts';
import type { MessageStore } from './message-store.ts';
import { passes, type Addressed, type ServiceMessage, type ServiceSubscription } from './records.ts';

/** A user agent that is there now. */
export interface AgentConnection {
  /** The lowest urgency that it wants at present. */
  readonly floor: Urgency;
  notify(addressed: Addressed): void;
  /** Ends it: because the agent connected anew, or as a fault. */
  end(reason: 'replaced' | 'cut'): void;
}

export interface HubOptions {
  readonly now: () => number;
  /** Messages that one agent may hold unacknowledged; more wait in the store. */
  readonly unacknowledged: number;
  /** A message that is not acknowledged for so long is sent again. */
  readonly redeliverMs: number;
}

export interface Handling {
  readonly copies: number;
  readonly cut: boolean;
}

interface Session {
  readonly connection: AgentConnection;
  /** Token to when it was last sent. */
  readonly unacknowledged: Map<string, { readonly addressed: Addressed; sentAt: number }>;
  /** Everything stored up to this place has been looked at. */
  readThrough: number;
}

const plain: Handling = { copies: 1, cut: false };

/** Brings messages to the agents that are connected, and again until they are acknowledged or too old. */
export class Hub {
  readonly #store: MessageStore;
  readonly #options: HubOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #delivered = 0;

  constructor(store: MessageStore, options: HubOptions) {
    this.#store = store;
    this.#options = options;
  }

  get connected(): number {
    return this.#sessions.size;
  }

  /** Notifications sent, repeated ones included. */
  get delivered(): number {
    return this.#delivered;
  }

  connect(agent: string, connection: AgentConnection): void {
    this.#sessions.get(agent)?.connection.end('replaced');
    const session: Session = { connection, unacknowledged: new Map(), readThrough: 0 };
    this.#sessions.set(agent, session);
    this.#fill(agent, session);
  }

  disconnect(agent: string, connection: AgentConnection): void {
    if (this.#sessions.get(agent)?.connection === connection) this.#sessions.delete(agent);
  }

  /**
   * Takes a message in. One with TTL 0 lives only now (RFC 8030 section 5.2): false when its agent is away, so
   * that it is gone.
   */
  accept(subscription: ServiceSubscription, message: ServiceMessage, handling: Handling = plain): boolean {
    const stored = message.ttlSeconds > 0;
    const id = stored ? this.#store.add(subscription.id, message) : 0;
    const addressed: Addressed = { id, subscription, message };
    const { agent } = subscription;
    const session = this.#sessions.get(agent);
    if (message.deliverAt > this.#options.now()) this.#later(agent, addressed, handling);
    else if (session !== undefined) this.#bring(session, addressed, handling);
    return stored || session !== undefined;
  }

  /** An agent has acknowledged, so there is room for more. */
  acknowledged(agent: string, token: string): void {
    const session = this.#sessions.get(agent);
    if (session?.unacknowledged.delete(token) === true) this.#fill(agent, session);
  }

  /** Sends again what has waited too long for its acknowledgement. */
  redeliver(): void {
    const now = this.#options.now();
    for (const session of this.#sessions.values()) {
      for (const [token, entry] of session.unacknowledged) {
        if (now - entry.sentAt < this.#options.redeliverMs) continue;
        if (this.#store.has(token)) {
          entry.sentAt = now;
          this.#notify(session, entry.addressed);
        } else session.unacknowledged.delete(token);
      }
    }
  }

  endAll(): void {
    for (const { connection } of this.#sessions.values()) connection.end('cut');
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #fill(agent: string, session: Session): void {
    const { now, unacknowledged } = this.#options;
    for (;;) {
      const room = unacknowledged - session.unacknowledged.size;
      if (room <= 0) return;
      const waiting = this.#store.pending(agent, session.readThrough, now(), room);
      for (const addressed of waiting) {
        session.readThrough = addressed.id;
        if (addressed.message.deliverAt > now()) this.#later(agent, addressed, plain);
        else this.#bring(session, addressed, plain);
      }
      if (waiting.length < room) return;
    }
  }

  #later(agent: string, addressed: Addressed, handling: Handling): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const session = this.#sessions.get(agent);
      const wanted = addressed.id === 0 || this.#store.has(addressed.message.token);
      if (session !== undefined && wanted) this.#bring(session, addressed, handling);
    }, addressed.message.deliverAt - this.#options.now());
    this.#timers.add(timer);
  }

  #bring(session: Session, addressed: Addressed, { copies, cut }: Handling): void {
    const { message, id } = addressed;
    const { unacknowledged, connection } = session;
    if (!passes(message.urgency, connection.floor) || unacknowledged.has(message.token)) return;
    if (cut) {
      connection.end('cut');
      return;
    }
    if (id > 0 && unacknowledged.size >= this.#options.unacknowledged) return;
    if (id > 0) unacknowledged.set(message.token, { addressed, sentAt: this.#options.now() });
    for (let copy = 0; copy < copies; copy += 1) this.#notify(session, addressed);
  }

  #notify({ connection }: Session, addressed: Addressed): void {
    this.#delivered += 1;
    connection.notify(addressed);
  }
}
