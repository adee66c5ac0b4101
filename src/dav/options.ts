import type { DatabaseSync } from 'node:sqlite';
import type { PacingSpec } from '../../sim/index.ts';
import type { PushEngine, PushHost } from '../push/index.ts';
import type { AcceptOptions } from './http/waiting-room.ts';

export interface DavUser {
  readonly name: string;
  readonly password: string;
}

/** What a client may ask for at most; everything beyond is refused with the condition that names it. */
export interface DavLimits {
  /** Of a calendar or address object. */
  readonly maxResourceBytes: number;
  /** Of a file below `/files/`. */
  readonly maxFileBytes: number;
  /** Of an XML request body. */
  readonly maxXmlBytes: number;
  /** Instances that one query expands of one object. */
  readonly maxInstances: number;
  /** Members that one address book query answers. */
  readonly maxQueryResults: number;
  readonly maxAttendees: number;
  /** How long removed members are remembered, ms; older sync tokens are no longer valid. */
  readonly syncHistoryMs: number;
  /** How long a client may take to send a request, ms. */
  readonly requestTimeoutMs: number;
}

export const defaultLimits: DavLimits = {
  maxResourceBytes: 1024 * 1024,
  maxFileBytes: 64 * 1024 * 1024,
  maxXmlBytes: 4 * 1024 * 1024,
  maxInstances: 4000,
  maxQueryResults: 5000,
  maxAttendees: 1000,
  syncHistoryMs: 60 * 24 * 3600 * 1000,
  requestTimeoutMs: 60_000,
};

/** A collection of one user that others see in their homes. */
export interface ShareOption {
  readonly owner: string;
  /** `calendars/NAME` or `addressbooks/NAME` below the owner's homes. */
  readonly collection: string;
  readonly with: string;
  readonly access: 'read' | 'read-write';
}

export interface DavServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** A file, or `:memory:`. */
  readonly db: string;
  readonly users: readonly DavUser[];
  readonly tls?: 'self-signed' | { readonly key: string; readonly cert: string };
  readonly createPushEngine?: (db: DatabaseSync, host: PushHost) => PushEngine;
  readonly limits?: Partial<DavLimits>;
  readonly shares?: readonly ShareOption[];
  /** Any number of requests may wait without it. */
  readonly accept?: AcceptOptions;
  /** No interval is announced without it. */
  readonly pacing?: PacingSpec;
  /** Receives one line of JSON for each request; nothing is logged without it. */
  readonly log?: (line: string) => void;
}
