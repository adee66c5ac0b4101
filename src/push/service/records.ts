import type { Urgency } from '../../../sim/index.ts';

/** A push resource and the user agent behind it. */
export interface ServiceSubscription {
  readonly id: number;
  /** The unguessable part of its URL (RFC 8030 section 8.3). */
  readonly pushToken: string;
  readonly agent: string;
  readonly channel: string;
  /** The one application server that may use it (RFC 8292 section 4), base64url. */
  readonly vapidKey: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number | undefined;
}

/** A push message in store. Times are epoch ms. */
export interface ServiceMessage {
  readonly token: string;
  readonly topic: string | undefined;
  readonly urgency: Urgency;
  readonly ttlSeconds: number;
  readonly expiresAt: number;
  /** Not before this, when a fault delays it. */
  readonly deliverAt: number;
  readonly encoding: string | undefined;
  readonly body: Uint8Array;
}
