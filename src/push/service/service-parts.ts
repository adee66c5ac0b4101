import type { Hub } from './hub.ts';
import type { MessageStore } from './message-store.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Receipts } from './receipts.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import type { VapidCheck } from './vapid-check.ts';

/** What the resources of the push service share. */
export interface ServiceParts {
  readonly subscriptions: SubscriptionStore;
  readonly messages: MessageStore;
  readonly hub: Hub;
  readonly receipts: Receipts;
  readonly checkVapid: VapidCheck;
  readonly rateLimiter: RateLimiter;
  readonly helloWithinMs: number;
  readonly maxTtlSeconds: number;
  readonly now: () => number;
  /** No trailing slash. */
  readonly url: () => string;
  /** When a subscription made now ends, epoch ms; undefined for never. */
  readonly expiryOfNew: () => number | undefined;
  /** An agent has a message: it is removed, and its sender told if it asked. False when there is none. */
  readonly acknowledge: (agent: string | undefined, message: string) => boolean;
}
