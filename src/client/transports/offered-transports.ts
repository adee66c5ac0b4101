/** The ways in which a server can tell clients of changes. */
export type TransportName = 'apple' | 'web-push' | 'stream';

/** What a resource advertises, all side by side; what it does not offer is undefined. */
export interface OfferedTransports {
  readonly collection: string;
  /** Names the collection in WebDAV-Push messages. */
  readonly topic: string | undefined;
  readonly webPush: { readonly vapidKey: string | undefined } | undefined;
  readonly stream: { readonly path: string } | undefined;
  readonly apple: AppleOffer | undefined;
}

/** Of caldav-pubsubdiscovery: where to subscribe, and the key that notifications carry. */
export interface AppleOffer {
  readonly pushKey: string;
  readonly subscriptionPath: string;
  /** A subscription that is not made again within this is dropped, ms. */
  readonly refreshMs: number;
  readonly bundleId: string;
}
