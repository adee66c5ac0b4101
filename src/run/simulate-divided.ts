import { mayDivide, mergeBlocks, type RunRecord, type RunSpec } from '../../sim/index.ts';
import type { RunProgress } from './progress.ts';
import type { SimPool } from './sim-pool.ts';
import type { SimTask } from './sim-worker.ts';

/** With more runs for each thread, dividing them costs more than threads that wait at the end would. */
const fewRuns = 4;

/** Those of all simulated runs of a study that are worth dividing. */
export const willDivide = (
  specs: readonly RunSpec[],
  workers: number,
  mode: SimTask['mode'],
): readonly RunSpec[] =>
  workers > 1 && specs.length < fewRuns * workers ? specs.filter((spec) => mayDivide(spec, { mode })) : [];

/**
 * Makes one large run on all threads of a pool where its fleet can be divided. The blocks are those of the fleet however
 * many threads there are, so the record is the same.
 */
export async function simulateDivided(
  pool: SimPool,
  spec: RunSpec,
  wanted: SimTask['mode'],
  watch: (progress: RunProgress) => void,
): Promise<RunRecord> {
  const { mode, blocks } = await pool.plan(spec, wanted);
  const tasks = Math.min(pool.workers, blocks);
  if (tasks === 1) return pool.run(spec, mode, watch);
  const states: RunProgress[] = Array.from({ length: tasks }, () => ({ share: 0 }));
  const made = states.map((_, task) => {
    const from = Math.floor((task * blocks) / tasks);
    const to = Math.floor(((task + 1) * blocks) / tasks);
    return pool.blocks(spec, from, to, (state) => {
      states[task] = state;
      watch({
        share: states.reduce((sum, { share }) => sum + share / tasks, 0),
        events: states.reduce((sum, { events = 0 }) => sum + events, 0),
      });
    });
  });
  return mergeBlocks((await Promise.all(made)).flat());
}
