import type { RunRecord } from '../../sim/index.ts';
import { estimate, metricById, precisionState, summarize, type PrecisionGoal } from '../results/index.ts';
import type { PlannedRun, Study } from '../scenario/index.ts';
import type { StudyOutcome } from './run-study.ts';

export interface PrecisionOptions {
  readonly goal: PrecisionGoal;
  /** Seeds that may run in all. */
  readonly budgetSeeds: number;
  /** The study with these seeds. */
  readonly studyOf: (seeds: readonly number[]) => Study;
  readonly run: (study: Study) => Promise<StudyOutcome>;
  /** Told why another round begins, or why this was the last. */
  readonly say: (sentence: string) => void;
}

const firstSeeds = 3;

const keyOf = (
  backend: string,
  { scenario, label, seed }: { scenario: string; label: string; seed: number },
) => JSON.stringify([backend, scenario, label, seed]);

/**
 * Adds seeds until the interval of a metric is as narrow as asked at every point to which it applies, or the
 * budget ends. All points get the same seeds, so that they stay paired.
 */
export async function runToPrecision(
  options: PrecisionOptions,
): Promise<{ study: Study; outcome: StudyOutcome }> {
  const { goal, budgetSeeds, studyOf, run, say } = options;
  const metric = metricById(goal.metricId);
  const records = new Map<string, RunRecord>();
  let simulatedForMs = 0;
  for (let seeds = Math.min(firstSeeds, budgetSeeds); ;) {
    const study = studyOf(Array.from({ length: seeds }, (_, index) => index + 1));
    const missing = study.runs.filter(({ backend, spec }) => !records.has(keyOf(backend, spec)));
    const outcome = await run({ ...study, runs: missing });
    for (const { record } of outcome.finished) records.set(keyOf(record.backend, record.spec), record);
    simulatedForMs += outcome.simulatedForMs;
    const merged = { study, outcome: { ...outcomeOf(study.runs, records, outcome), simulatedForMs } };
    if ('error' in outcome) return merged;
    const states = summarize([...records.values()])
      .map(({ runs }) => estimate(runs.map((record) => metric.of(record))))
      .filter(({ n }) => n > 0)
      .map((value) => precisionState(value, goal, budgetSeeds));
    const wanted = Math.max(0, ...states.map((state) => (state.kind === 'more' ? state.seeds : 0)));
    if (wanted === 0) {
      const short = states.filter(({ kind }) => kind === 'budget-ended').length;
      say(
        short === 0
          ? `${goal.metricId} is within ${100 * goal.relative} % at every point after ${seeds} seeds`
          : `the budget of ${budgetSeeds} seeds ended with ${short} of ${states.length} points wider than ${100 * goal.relative} %`,
      );
      return merged;
    }
    say(`${goal.metricId} is wider than ${100 * goal.relative} %: going from ${seeds} to ${wanted} seeds`);
    seeds = wanted;
  }
}

function outcomeOf(
  runs: readonly PlannedRun[],
  records: ReadonlyMap<string, RunRecord>,
  last: StudyOutcome,
): StudyOutcome {
  const finished = runs.flatMap(({ index, backend, spec }) => {
    const record = records.get(keyOf(backend, spec));
    return record === undefined ? [] : [{ index, record }];
  });
  return { ...last, finished };
}
