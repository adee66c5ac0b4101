import { DatabaseSync } from 'node:sqlite';
import {
  createPushEngine,
  type PushChange,
  type PushEngine,
  type PushEngineOptions,
} from '../../src/push/index.ts';
import { parseXml } from '../../src/xml/index.ts';
import type { AgentSubscription } from './user-agent.ts';

export const origin = 'http://dav.example';
export const calendar = { id: 1, path: '/calendars/ann/calendar/' };

/** The least of a DAV server: a database, collections with sync tokens, rights, and a push engine in front. */
export class DavSide {
  readonly db: DatabaseSync;
  readonly engine: PushEngine;
  readonly unreadable = new Set<string>();
  readonly #ownsDb: boolean;
  #version = 0;

  constructor(options: Partial<PushEngineOptions> = {}, file = ':memory:') {
    this.db = options.db ?? new DatabaseSync(file);
    this.#ownsDb = options.db === undefined;
    this.engine = createPushEngine({
      db: this.db,
      policy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
      allowLoopback: true,
      ...options,
      host: {
        registrationPath: '/push/registrations/',
        mayRead: (user) => !this.unreadable.has(user),
        syncToken: (id) => `urn:sync:${id}:${this.#version}`,
      },
    });
  }

  get syncToken(): string {
    return `urn:sync:1:${this.#version}`;
  }

  register(user: string, body: string, resource = calendar) {
    return this.engine.register(user, resource, parseXml(body), origin);
  }

  subscribe(
    user: string,
    subscription: Pick<AgentSubscription, 'endpoint' | 'p256dh' | 'auth'>,
    extra = contentTrigger,
    resource = calendar,
  ) {
    return this.register(user, registerBody(subscription, extra), resource);
  }

  /** One committed write. */
  change(change: Partial<PushChange> = {}): void {
    this.#version += 1;
    this.db.exec('BEGIN');
    this.engine.record({
      collectionId: calendar.id,
      kind: 'content',
      importance: 'normal',
      at: Date.now(),
      dontNotify: [],
      user: 'ann',
      ...change,
    });
    this.db.exec('COMMIT');
    this.engine.wake();
  }

  async close(): Promise<void> {
    await this.engine.close();
    if (this.#ownsDb) this.db.close();
  }
}

export const contentTrigger = '<trigger><content-update><D:depth>1</D:depth></content-update></trigger>';

/** A `push-register` request; `extra` follows the subscription. */
export const registerBody = (
  { endpoint, p256dh, auth }: Pick<AgentSubscription, 'endpoint' | 'p256dh' | 'auth'>,
  extra = contentTrigger,
): string => `<?xml version="1.0"?>
<push-register xmlns="https://bitfire.at/webdav-push" xmlns:D="DAV:">
  <subscription><web-push-subscription>
    <push-resource>${endpoint}</push-resource>
    <content-encoding>aes128gcm</content-encoding>
    <subscription-public-key type="p256dh">${p256dh}</subscription-public-key>
    <auth-secret>${auth}</auth-secret>
  </web-push-subscription></subscription>
  ${extra}
</push-register>`;

/** Waits until something holds, within a deadline. */
export async function until(holds: () => boolean, what: string, deadlineMs = 30_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
