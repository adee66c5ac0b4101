import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Importance } from '../../sim/index.ts';
import type { XmlElement } from '../xml/index.ts';

/** What the DAV server knows and push needs; the DAV server implements it. */
export interface PushHost {
  /** Current sync token of a collection; undefined when the collection is gone. */
  syncToken(collectionId: number): string | undefined;
  /** Whether the user may still read the collection: asked again at send time. */
  mayRead(user: string, collectionId: number): boolean;
  /** Path below which registration URLs live, with trailing slash. */
  readonly registrationPath: string;
  /** Path below which the engine's own endpoints live, with trailing slash; `/push/` when left out. */
  readonly endpointPath?: string;
}

/** What kind of resource is watched; decides which triggers and which vendor properties it offers. */
export type WatchedKind =
  | 'calendar'
  | 'addressbook'
  | 'calendar-home'
  | 'addressbook-home'
  | 'principal'
  | 'inbox'
  | 'outbox';

/** A resource that can be watched. Ids are unique over all kinds. */
export interface WatchedCollection {
  readonly id: number;
  /** Path of the resource, percent-encoded, with trailing slash. */
  readonly path: string;
  /** `calendar` when left out. */
  readonly kind?: WatchedKind;
  /** Id of the home that it is in, for the push key that collections of one home share. */
  readonly homeId?: number;
}

/** A property's name, as in `D:prop`. */
export interface PropertyName {
  readonly ns: string;
  readonly name: string;
}

/** One committed write, as push sees it. */
export interface PushChange {
  /** The resource changed: for a written or removed object its collection, for properties the resource itself. */
  readonly collectionId: number;
  readonly kind: 'content' | 'property';
  /**
   * `collectionId` itself is removed: those who watch it are told too, which counts as a content change. To be
   * recorded while it still exists, because rights on it are judged then.
   */
  readonly removed?: boolean;
  readonly importance: Importance;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Raw values of the request's `Push-Dont-Notify` header lines, and who sent them. */
  readonly dontNotify: readonly string[];
  readonly user: string;
  /** Ids of the resources above `collectionId`, nearest first (its home, ...); none when left out. */
  readonly above?: readonly number[];
  /** The properties changed, for registrations that name the ones they want; all when left out. */
  readonly properties?: readonly PropertyName[];
}

export interface PushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A whole XML document, or empty. */
  readonly body: string;
}

/** A property outside the push namespace that a transport advertises (Apple's `pushkey`). */
export interface AdvertisedProperty extends PropertyName {
  readonly inner: string;
}

/** An endpoint of a transport; the DAV server authenticates, then hands request and response over. */
export interface PushEndpoint {
  readonly path: string;
  serve(user: string, request: IncomingMessage, response: ServerResponse): void;
}

/** Counts since the engine was made. */
export interface EngineTotals {
  /** Messages handed to a push service and accepted. */
  readonly sent: number;
  /** Changes that joined a message already pending. */
  readonly merged: number;
  /** Attempts that failed and are tried again. */
  readonly retried: number;
  /** Messages given up. */
  readonly failed: number;
  /** Subscriptions removed because the push service said they are gone. */
  readonly removed: number;
  readonly pending: number;
}

/**
 * The push side of a DAV server. It shares the server's database, so that `record` takes part in the
 * transaction of the change itself; delivery happens later and apart.
 */
export interface PushEngine {
  /** The WebDAV-Push properties of a watchable resource: local name in the push namespace to inner XML. */
  properties(collection: WatchedCollection): ReadonlyMap<string, string>;
  /** Properties of other namespaces by which other transports are advertised; not part of allprop. */
  vendorProperties(collection: WatchedCollection, origin: string): readonly AdvertisedProperty[];
  /** Paths that the engine answers itself, to authenticated users only. */
  readonly endpoints: readonly PushEndpoint[];
  /** Answers a POST of `push-register` (WebDAV-Push draft, registration). `origin` is the scheme and authority the client used. */
  register(user: string, collection: WatchedCollection, request: XmlElement, origin: string): PushAnswer;
  /** Answers a DELETE of a registration URL; `id` is the path below `registrationPath`. */
  unregister(user: string, id: string): PushAnswer;
  /** Notes a change for every registration that it concerns. Must run inside the transaction of the change. */
  record(change: PushChange): void;
  /** Tells the dispatcher, after commit, that something may be due. */
  wake(): void;
  totals(): EngineTotals;
  /** Tells every Web Push subscription of it, then changes the VAPID keys. Returns how many were told. */
  rotateKeys(): Promise<number>;
  close(): Promise<void>;
}
