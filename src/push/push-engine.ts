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
}

/** A collection that can be watched. */
export interface WatchedCollection {
  readonly id: number;
  /** Path of the collection, percent-encoded, with trailing slash. */
  readonly path: string;
}

/** One committed write, as push sees it. */
export interface PushChange {
  readonly collectionId: number;
  readonly kind: 'content' | 'property';
  readonly importance: Importance;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Raw values of the request's `Push-Dont-Notify` header lines, and who sent them. */
  readonly dontNotify: readonly string[];
  readonly user: string;
}

export interface PushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A whole XML document, or empty. */
  readonly body: string;
}

/**
 * The push side of a DAV server. It shares the server's database, so that `record` takes part in the
 * transaction of the change itself; delivery happens later and apart.
 */
export interface PushEngine {
  /** The WebDAV-Push properties of a watchable collection: local name in the push namespace to inner XML. */
  properties(collection: WatchedCollection): ReadonlyMap<string, string>;
  /** Answers a POST of `push-register` (WebDAV-Push draft, registration). `origin` is the scheme and authority the client used. */
  register(user: string, collection: WatchedCollection, request: XmlElement, origin: string): PushAnswer;
  /** Answers a DELETE of a registration URL; `id` is the path below `registrationPath`. */
  unregister(user: string, id: string): PushAnswer;
  /** Notes a change for every registration that it concerns. Must run inside the transaction of the change. */
  record(change: PushChange): void;
  /** Tells the dispatcher, after commit, that something may be due. */
  wake(): void;
  close(): Promise<void>;
}
