import type { Urgency } from '../../../sim/index.ts';
import type { XmlElement } from '../../xml/index.ts';
import type { AdvertisedProperty, PushEndpoint, WatchedCollection } from '../push-engine.ts';
import type { PushMessage } from '../webdav-push/push-message.ts';

/** What a transport keeps of a subscription; the engine stores both and hands them back. */
export interface SubscriptionData {
  /** Identifies the subscription within its transport and user. */
  readonly address: string;
  readonly details: string;
}

/** One message for one subscription. */
export interface Delivery extends SubscriptionData {
  readonly user: string;
  /** The resource that the message is about. */
  readonly resource: number;
  /** What to tell, or that the server's keys are about to change. */
  readonly message: PushMessage | 'key-rotation';
  /** Place of the newest change in the server's log: grows from message to message of one subscription's resource. */
  readonly position: number;
  readonly urgency: Urgency;
  readonly ttlSeconds: number;
  /** A newer message about the same resource may replace this one while it is undelivered. */
  readonly replaceable: boolean;
  /** Epoch ms of the newest change in the message. */
  readonly changedAt: number;
}

/** What became of an attempt, in terms that decide what happens next. */
export type SendOutcome =
  | { readonly kind: 'accepted' }
  /** The subscription no longer exists there. */
  | { readonly kind: 'gone' }
  /** The message or its sender was refused; repeating it unchanged will not help. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Asked to come back later: this subscription only, or the whole origin. */
  | {
      readonly kind: 'busy';
      readonly scope: 'subscription' | 'origin';
      readonly retryAfterMs: number | undefined;
    }
  /** The client is not there; the message stays owed until the transport says that it has come. */
  | { readonly kind: 'away' }
  /** No usable answer: network failure, timeout, server error. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What a transport may ask of the engine. */
export interface TransportHost {
  /** Path below which the transport's endpoints live, with trailing slash. */
  readonly endpointPath: string;
  /** Registers a subscription for all changes of a resource and below; false when the user may not read it. */
  watch(user: string, data: SubscriptionData, resource: number, expiresAt: number): boolean;
  /**
   * A client that was away is there: what it is owed leaves now. With a `position`, what was handed over after
   * it is told again, because it may not have arrived.
   */
  arrived(user: string, address: string, position: number | undefined): void;
}

/**
 * A way to reach clients. A new one is a folder with such an object and a line in `registry.ts`;
 * everything else (merging, retries, rights, expiry) is the engine's.
 */
export interface PushTransport {
  readonly name: string;
  /** The element inside `P:transports` by which clients find it, or empty. */
  advertise(resource: WatchedCollection, origin: string): string;
  /** Properties of other namespaces by which clients find it. */
  vendorProperties(resource: WatchedCollection, origin: string): readonly AdvertisedProperty[];
  /** Reads the child of `P:subscription` that belongs to this transport; undefined when it is another's, `invalid` when it is wrong. */
  subscribe(element: XmlElement): SubscriptionData | 'invalid' | undefined;
  /** The group of subscriptions that fail and recover together, e.g. the push service's origin. */
  originOf(address: string): string;
  /** Hands a message over. Never throws: whatever happens is an outcome. */
  send(delivery: Delivery, signal: AbortSignal): Promise<SendOutcome>;
  readonly endpoints: readonly PushEndpoint[];
  close(): Promise<void>;
}
