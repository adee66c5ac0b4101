import type { Urgency } from '../../../sim/index.ts';

/** A push resource and the user agent behind it. */
export interface ServiceSubscription {
  readonly id: number;
  /** The unguessable part of its own URL, and that of its push resource (RFC 8030 section 8.3). */
  readonly token: string;
  readonly pushToken: string;
  readonly agent: string;
  readonly channel: string;
  /** The one application server that may use it (RFC 8292 section 4), base64url. */
  readonly vapidKey: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number | undefined;
}

/** A push message. Times are epoch ms. */
export interface ServiceMessage {
  readonly token: string;
  readonly topic: string | undefined;
  readonly urgency: Urgency;
  readonly ttlSeconds: number;
  readonly acceptedAt: number;
  readonly expiresAt: number;
  /** Not before this, when a fault delays it. */
  readonly deliverAt: number;
  readonly encoding: string | undefined;
  readonly contentType: string | undefined;
  /** The receipt subscription that is told what becomes of it. */
  readonly receipt: string | undefined;
  readonly body: Uint8Array;
}

/** A message on its way to an agent. */
export interface Addressed {
  /** Place in the store; 0 for a message that is not stored. */
  readonly id: number;
  readonly subscription: Pick<ServiceSubscription, 'channel' | 'token' | 'pushToken'>;
  readonly message: ServiceMessage;
}

/** From least to most urgent (RFC 8030 section 5.3). */
export const urgencies = ['very-low', 'low', 'normal', 'high'] as const satisfies readonly Urgency[];

/** Whether a message passes the lowest urgency that an agent wants now. */
export const passes = (urgency: Urgency, floor: Urgency): boolean =>
  urgencies.indexOf(urgency) >= urgencies.indexOf(floor);
