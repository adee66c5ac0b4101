import type { Importance } from '../../../sim/index.ts';

/** What is known of a write that says how soon people care. Times are ms from now, negative for the past. */
export interface ChangeFacts {
  /** Start of the next occurrence before or after the write, whichever is nearer; undefined for none to come. */
  readonly startsInMs: number | undefined;
  /** The next alarm before or after the write. */
  readonly alarmInMs: number | undefined;
  /** Nothing but participation status differs. */
  readonly attendeeStatusOnly: boolean;
  /** The collection is one where nobody waits for changes, e.g. holidays. */
  readonly slowCollection: boolean;
}

/** One rule: every condition that is given must hold. */
export interface ImportanceRule {
  readonly importance: Importance;
  readonly startsWithinMs?: number;
  readonly alarmWithinMs?: number;
  readonly attendeeStatusOnly?: boolean;
  readonly slowCollection?: boolean;
}

const hourMs = 3_600_000;

/**
 * The first rule that fits decides; what none fits is `normal`. Alarms within 15 minutes and slow calendars are the
 * WebDAV-Push draft's own examples; events within the next hours and attendee status are CalConnect's (CC/CD 70025).
 */
export const defaultImportanceRules: readonly ImportanceRule[] = [
  { importance: 'low', slowCollection: true },
  { importance: 'high', alarmWithinMs: 0.25 * hourMs },
  { importance: 'low', attendeeStatusOnly: true },
  { importance: 'high', startsWithinMs: 4 * hourMs },
];

const within = (value: number | undefined, limit: number | undefined): boolean =>
  limit === undefined || (value !== undefined && value <= limit);

const same = (value: boolean, wanted: boolean | undefined): boolean =>
  wanted === undefined || value === wanted;

/** How soon people care about a change. */
export function importanceOf(
  facts: ChangeFacts,
  rules: readonly ImportanceRule[] = defaultImportanceRules,
): Importance {
  const rule = rules.find(
    (candidate) =>
      within(facts.startsInMs, candidate.startsWithinMs) &&
      within(facts.alarmInMs, candidate.alarmWithinMs) &&
      same(facts.attendeeStatusOnly, candidate.attendeeStatusOnly) &&
      same(facts.slowCollection, candidate.slowCollection),
  );
  return rule?.importance ?? 'normal';
}
