import { availableParallelism } from 'node:os';
import { simulate, type RunSpec } from '../../sim/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';
import { liveRunMs } from './progress.ts';
import type { RunOptions } from './run-study.ts';
import { willDivide } from './simulate-divided.ts';

const fewContacts = 30_000;
/** How long the larger sample may take, ms. */
const sampleMs = 400;

/** Time that the runs will take together, ms: measured on small shares of the dearest simulated one, in the mode that it will have. */
export function estimateStudyMs(
  runs: readonly PlannedRun[],
  { workers = availableParallelism(), mode = 'auto' }: Pick<RunOptions, 'workers' | 'mode'> = {},
): number {
  const simulated = runs.filter(({ backend }) => backend === 'sim').map(({ spec }) => spec);
  const contacts = simulated.map(estimateContacts);
  const dearest = simulated[contacts.indexOf(Math.max(...contacts))];
  const divides = willDivide(simulated, workers, mode).length > 0;
  const threads = divides ? workers : Math.min(workers, simulated.length);
  const simMs = dearest === undefined ? 0 : timeOf(contacts, costOf(dearest, mode)) / threads;
  const liveMs = runs
    .filter(({ backend }) => backend === 'live')
    .reduce((sum, { spec }) => sum + liveRunMs(spec), 0);
  return simMs + liveMs;
}

/** What a run takes whatever it does, and for each contact. */
interface Cost {
  readonly fixedMs: number;
  readonly msPerContact: number;
}

const timeOf = (contacts: readonly number[], { fixedMs, msPerContact }: Cost): number =>
  contacts.reduce((sum, each) => sum + fixedMs + each * msPerContact, 0);

/** From a small and a larger share of the run: in a small one what is the same for every run outweighs its contacts. */
function costOf(spec: RunSpec, mode: NonNullable<RunOptions['mode']>): Cost {
  const measure = (contacts: number) => {
    const sample = shrink(spec, contacts);
    const startedAt = performance.now();
    simulate(sample, { mode });
    return { ms: performance.now() - startedAt, contacts: estimateContacts(sample) };
  };
  // The first passes compile the simulator.
  const passes = [1, 2, 3].map(() => measure(fewContacts));
  const small = passes.toSorted((a, b) => a.ms - b.ms)[0] ?? measure(fewContacts);
  const large = measure(Math.max(1, sampleMs / small.ms) * fewContacts);
  const more = large.contacts - small.contacts;
  if (more < small.contacts) return { fixedMs: 0, msPerContact: small.ms / Math.max(1, small.contacts) };
  const msPerContact = Math.max(0, large.ms - small.ms) / more;
  return { fixedMs: Math.max(0, small.ms - small.contacts * msPerContact), msPerContact };
}

/** The same run with so few users that it is over at once. */
function shrink(spec: RunSpec, contacts: number): RunSpec {
  const share = contacts / Math.max(contacts, estimateContacts(spec));
  const fewest = Math.max(1, ...spec.collectionGroups.map(({ members }) => members));
  const users = Math.max(fewest, Math.round(spec.users * share));
  const shorter = share * spec.users < fewest ? Math.max(share, 0.001) : 1;
  return {
    ...spec,
    users,
    warmUpMs: spec.warmUpMs * shorter,
    durationMs: spec.durationMs * shorter,
  };
}
