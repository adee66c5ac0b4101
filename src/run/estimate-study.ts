import { availableParallelism } from 'node:os';
import { simulate, type RunSpec } from '../../sim/index.ts';
import type { PlannedRun } from '../scenario/index.ts';
import { estimateContacts } from './estimate-cost.ts';
import { liveRunMs } from './progress.ts';
import type { RunOptions } from './run-study.ts';
import { willDivide } from './simulate-divided.ts';

const sampleContacts = 30_000;

/** Time that the runs will take together, ms: measured on a small share of the dearest simulated one, in the mode that it will have. */
export function estimateStudyMs(
  runs: readonly PlannedRun[],
  { workers = availableParallelism(), mode = 'auto' }: Pick<RunOptions, 'workers' | 'mode'> = {},
): number {
  const simulated = runs.filter(({ backend }) => backend === 'sim').map(({ spec }) => spec);
  const contacts = simulated.map(estimateContacts);
  const dearest = simulated[contacts.indexOf(Math.max(...contacts))];
  const total = contacts.reduce((sum, each) => sum + each, 0);
  const divides = willDivide(simulated, workers, mode).length > 0;
  const threads = divides ? workers : Math.min(workers, simulated.length);
  const simMs = dearest === undefined ? 0 : (total * msPerContact(dearest, mode)) / threads;
  const liveMs = runs
    .filter(({ backend }) => backend === 'live')
    .reduce((sum, { spec }) => sum + liveRunMs(spec), 0);
  return simMs + liveMs;
}

function msPerContact(spec: RunSpec, mode: NonNullable<RunOptions['mode']>): number {
  const sample = shrink(spec);
  // The first pass compiles the simulator.
  simulate(sample, { mode });
  const startedAt = performance.now();
  simulate(sample, { mode });
  return (performance.now() - startedAt) / Math.max(1, estimateContacts(sample));
}

/** The same run with so few users that it is over at once. */
function shrink(spec: RunSpec): RunSpec {
  const share = sampleContacts / Math.max(sampleContacts, estimateContacts(spec));
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
