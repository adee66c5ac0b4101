import type { Importance } from '../../../sim/index.ts';
import type { PropertyName } from '../push-engine.ts';

/** How far below the watched resource a trigger reaches (RFC 4918 section 10.2). */
export type Depth = '0' | '1' | 'infinity';

/** What a registration wants to be told of; at least one of the two. */
export interface Triggers {
  readonly content: Depth | undefined;
  readonly property: Depth | undefined;
  /** Properties that count for `property`; empty for all. */
  readonly propertyFilter: readonly PropertyName[];
}

/** One way to reach one client, shared by all its registrations. */
export interface Subscription {
  readonly id: number;
  readonly user: string;
  readonly transport: string;
  /** Where the transport delivers: the push resource, a device token, a stream. */
  readonly address: string;
  /** What else the transport needs, e.g. keys; opaque here. */
  readonly details: string;
}

/** A subscription's wish to be told of one resource. */
export interface Registration extends Triggers {
  readonly id: number;
  readonly subscription: Subscription;
  readonly resource: number;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** How far along the log it has been notified; kept in step with the row by whoever writes that. */
  sentSeq: number;
  /** Epoch ms; `-Infinity` for never. */
  lastSentAt: number;
  /** The push policy's own number, 0 at first. */
  readonly memory: number;
}

/** One row of the outbox log. */
export interface LoggedChange {
  readonly seq: number;
  readonly resource: number;
  readonly kind: 'content' | 'property';
  /** The resource itself is gone. */
  readonly removed: boolean;
  readonly importance: Importance;
  readonly at: number;
  readonly above: readonly number[];
  readonly properties: readonly PropertyName[];
  /** Registrations that must not be told. */
  readonly suppressed: readonly number[];
}
