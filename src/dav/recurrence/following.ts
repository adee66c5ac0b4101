import type ICAL from 'ical.js';
import type { Moment } from './moment.ts';

/** An override for one instance and all that come after it (RFC 5545 section 3.2.13, RANGE=THISANDFUTURE). */
export interface Following {
  readonly component: ICAL.Component;
  readonly fromMs: number;
  /** How much later than the rule says the instances start; negative for earlier. */
  readonly shiftMs: number;
  readonly lengthMs: number;
  readonly start: Moment;
}

export const isForFollowing = (component: ICAL.Component): boolean =>
  component.getFirstProperty('recurrence-id')?.getFirstParameter('range')?.toUpperCase() === 'THISANDFUTURE';

/** The override that an instance follows: the last one at or before it. `all` ascends. */
export const followedAt = (all: readonly Following[], utcMs: number): Following | undefined =>
  all.findLast(({ fromMs }) => fromMs <= utcMs);

/** How far instances can be from where the rule puts them. */
export const reachOf = (all: readonly Following[]): number =>
  all.reduce((most, { shiftMs, lengthMs }) => Math.max(most, Math.abs(shiftMs) + lengthMs), 0);
