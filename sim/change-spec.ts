import type { Distribution } from './distribution.ts';

/** How changes of one collection are spread over time. Rates are means per collection. */
export type ChangeProcess =
  /** At random. */
  | { readonly kind: 'poisson'; readonly perDay: number }
  /** At random, at a rate that follows the hours of the day and the days of the week; the run starts on a Monday at 0:00. */
  | ({ readonly kind: 'daily'; readonly perDay: number } & WeekProfile)
  /** Sessions of work that start by such a profile, each a first change and a geometric number of follow-ons. */
  | ({
      readonly kind: 'sessions';
      readonly perDay: number;
      /** Mean changes in a session, at least 1. */
      readonly changes: number;
      readonly gapMs: Distribution;
    } & WeekProfile)
  /** Times between two changes from a distribution, such as log-normal. */
  | { readonly kind: 'renewal'; readonly gapMs: Distribution }
  /** Imports and mass edits: at random, `size` changes at a time. */
  | ({
      readonly kind: 'bursts';
      readonly perDay: number;
      readonly size: Distribution;
      readonly gapMs: Distribution;
    } & WeekProfile)
  /** At multiples of `everyMs`, such as alarms acknowledged at the quarter hour, each late by a delay. */
  | ({
      readonly kind: 'clock';
      readonly perDay: number;
      readonly everyMs: number;
      readonly lateMs: Distribution;
    } & WeekProfile)
  /** In one shared calendar: an invitation, an answer of each attendee after a while, and the refresh of the event that follows each answer. */
  | ({
      readonly kind: 'invitations';
      readonly perDay: number;
      readonly attendees: Distribution;
      readonly answerMs: Distribution;
      /** From an answer to the refresh that shows it to the others. */
      readonly refreshMs: number;
    } & WeekProfile)
  | SchedulingProcess
  /** A recording: instants in ms since the start of the run, by collection of the group. */
  | {
      readonly kind: 'trace';
      readonly atMs: readonly (readonly number[])[];
      /** Sizes of the objects, one for each instant; drawn like those of others when absent. */
      readonly bytes?: readonly (readonly number[])[];
    };

/**
 * Invitations between calendars of the group, as a scheduling server delivers them (RFC 6638): the organiser's
 * calendar changes, then that of each attendee; an attendee answers in a calendar of their own, which changes the
 * organiser's, and the answer is shown to the other attendees in waves.
 */
export interface SchedulingProcess extends WeekProfile {
  readonly kind: 'scheduling';
  /** Events with attendees, per calendar as organiser. */
  readonly perDay: number;
  /** People in an event, its organiser among them; no more than there are calendars. */
  readonly attendees: Distribution;
  /** From the invitation to the answer of an attendee. */
  readonly answerMs: Distribution;
  /** From a change to its delivery into the other calendars. */
  readonly deliverMs: number;
  /** From an answer to its arrival in the organiser's calendar. */
  readonly replyMs: number;
  /** An answer is shown to `waveSize` other attendees every `waveMs`; to none in an event of more than `mostRefreshed` people. */
  readonly waveSize: number;
  readonly waveMs: number;
  readonly mostRefreshed: number;
}

/**
 * What changes do to their collection, as relative weights. Moves go to another collection of the group that the
 * writer's user sees; without one they are edits.
 */
export interface WriteMix {
  readonly edit: number;
  readonly create: number;
  readonly delete: number;
  readonly move: number;
}

/** Relative rates; absent means even. */
export interface WeekProfile {
  /** By hour of the day, 24 weights. */
  readonly hours?: readonly number[];
  /** By day of the week from Monday, 7 weights. */
  readonly days?: readonly number[];
}
