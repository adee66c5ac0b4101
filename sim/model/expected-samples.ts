import { expectedRecord } from '../expected/index.ts';
import type { RunSpec } from '../spec.ts';
import { usersOf } from './mode.ts';

const dayMs = 86_400_000;
/** Closed forms are means, so their error shows on a larger sample only. */
const mostUsers = 2000;
/** So many changes leave chance little more than a per cent, though one that many learn of counts as one. */
const wantedChanges = 10_000;
/** What all samples together may take, in contacts, and what each of them takes beside its own. */
const mostContacts = 1e6;
const contactsBeside = 5000;

/**
 * Smaller fleets of the same make, to measure closed forms on: as many seeds as it takes for their changes to be many.
 * A short run has so few that chance alone would put any mean off by far.
 */
export function expectedSamples(spec: RunSpec): RunSpec[] {
  const sample: RunSpec = {
    ...spec,
    users: usersOf(spec, mostUsers),
    durationMs: Math.min(spec.durationMs, dayMs),
    warmUpMs: Math.min(spec.warmUpMs, dayMs),
  };
  const { groups, ledger } = expectedRecord(sample);
  const counted = groups.reduce((sum, { contacts }) => sum + contacts, 0);
  const contacts = contactsBeside + counted * (1 + sample.warmUpMs / sample.durationMs);
  const wanted = ledger.changes === 0 ? 1 : wantedChanges / ledger.changes;
  const runs = Math.max(1, Math.min(Math.ceil(wanted), Math.floor(mostContacts / contacts)));
  return Array.from({ length: runs }, (_, run) => ({ ...sample, seed: spec.seed + run }));
}
