import type { PushMessage } from '../push-message.ts';
import type { OfferedTransports, TransportName } from './offered-transports.ts';

/** A subscription to one collection's changes, as the server granted it. */
export interface ClientSubscription {
  readonly collection: string;
  /** What messages about the collection name: its topic or push key. */
  readonly about: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Registration URL for `Push-Dont-Notify`; undefined where the transport has none. */
  readonly url: string | undefined;
}

/** What comes in on a transport. */
export type PushEvent =
  | { readonly kind: 'change'; readonly about: string; readonly message: PushMessage }
  /** The server is about to change its VAPID key. */
  | { readonly kind: 'key-rotation' };

export interface TransportListener {
  onMessage(event: PushEvent): void;
  /** The transport as a whole has stopped working. */
  onFailure(reason: string): void;
}

/** The client's side of a way to be told; one for all collections. */
export interface ClientTransport {
  readonly name: TransportName;
  listen(listener: TransportListener): void;
  /** Subscribes until `wantedUntil` (epoch ms) or less. Throws when server or push service refuse or fail. */
  subscribe(offered: OfferedTransports, wantedUntil: number): Promise<ClientSubscription>;
  /** Prolongs a subscription, or replaces it when what is offered has changed; throws like `subscribe`. */
  renew(
    subscription: ClientSubscription,
    offered: OfferedTransports,
    wantedUntil: number,
  ): Promise<ClientSubscription>;
  /** Ends a subscription at the server as far as the transport knows how to. */
  remove(subscription: ClientSubscription): Promise<void>;
  close(): void;
}

/** What a transport needs and was not advertised. @throws RangeError a programmer's error: `chooseTransport` looks first */
export function advertised<T>(offer: T | undefined, transport: TransportName): T {
  if (offer === undefined) throw new RangeError(`${transport} is not advertised`);
  return offer;
}
