import { importances, type Importance } from '../../../sim/index.ts';
import type { LoggedChange, Registration } from '../store/records.ts';

/** What one registration is owed: every change since the last message, merged into one. */
export interface OutboxMessage {
  readonly registration: number;
  readonly resource: number;
  /** Commit time of the first and of the newest change in it, epoch ms. */
  firstAt: number;
  lastAt: number;
  /** When it is to leave, epoch ms. */
  dueAt: number;
  /** The highest among its changes. */
  importance: Importance;
  content: boolean;
  property: boolean;
  /** Its resource is gone, so rights on it cannot be asked any more. */
  farewell: boolean;
  /** Log positions of the oldest and the newest change in it. */
  fromSeq: number;
  toSeq: number;
  /** Attempts that failed so far. */
  attempts: number;
  /** Its client was found away. */
  held: boolean;
  /** `waiting` until due, `queued` while its origin has no room. */
  state: 'waiting' | 'queued' | 'sending';
}

/** The more important of two. */
export const higher = (a: Importance, b: Importance): Importance =>
  importances.indexOf(a) <= importances.indexOf(b) ? a : b;

/** A message that a change opens; `dueAt` is still to be asked of the policy. */
export function openMessage(registration: number, resource: number, change: LoggedChange): OutboxMessage {
  return {
    registration,
    resource,
    firstAt: change.at,
    lastAt: change.at,
    dueAt: Number.NaN,
    importance: change.importance,
    content: change.kind === 'content',
    property: change.kind === 'property',
    farewell: change.removed && change.resource === resource,
    fromSeq: change.seq,
    toSeq: change.seq,
    attempts: 0,
    held: false,
    state: 'waiting',
  };
}

/** Adds what `other` tells: kinds united, newest position kept, oldest first change. */
export function absorb(message: OutboxMessage, other: Omit<OutboxMessage, 'dueAt' | 'state'>): void {
  message.firstAt = Math.min(message.firstAt, other.firstAt);
  message.lastAt = Math.max(message.lastAt, other.lastAt);
  message.importance = higher(message.importance, other.importance);
  message.content ||= other.content;
  message.property ||= other.property;
  message.farewell ||= other.farewell;
  message.fromSeq = Math.min(message.fromSeq, other.fromSeq);
  message.toSeq = Math.max(message.toSeq, other.toSeq);
  message.attempts = Math.max(message.attempts, other.attempts);
  message.held ||= other.held;
}

/** Tells again, of all that a registration wants to know, that it may have changed. */
export function repeatedMessage(registration: Registration, now: number): OutboxMessage {
  return {
    registration: registration.id,
    resource: registration.resource,
    firstAt: now,
    lastAt: now,
    dueAt: Number.NaN,
    importance: 'normal',
    content: registration.content !== undefined,
    property: registration.property !== undefined,
    farewell: false,
    fromSeq: registration.sentSeq,
    toSeq: registration.sentSeq,
    attempts: 0,
    held: false,
    state: 'waiting',
  };
}
