import type { RunRecord } from '../../sim/index.ts';
import { thresholdOutcomes, type ResultFile } from '../results/index.ts';

/**
 * Whether every run brought every change to every device that was owed it, and left no device different from
 * the server. Says what is wrong otherwise.
 */
export function runVerdict(runs: readonly RunRecord[], say: (sentence: string) => void): boolean {
  let good = true;
  for (const { spec, backend, ledger, stateCheck } of runs) {
    const name = `${spec.scenario} · ${spec.label} (${backend}, seed ${spec.seed})`;
    if (ledger.lost > 0) {
      good = false;
      say(
        `lost: ${name}: ${ledger.lost} of ${ledger.expected} deliveries of a change to a device never happened`,
      );
    }
    if (stateCheck.different > 0) {
      good = false;
      say(
        `stale at the end: ${name}: ${stateCheck.different} of ${stateCheck.compared} states of devices differ from the server's`,
      );
    }
  }
  return good;
}

/** Says why there is no staleness where changes were made and nobody had to learn of them. */
export function sayUnseen(runs: readonly RunRecord[], say: (sentence: string) => void): void {
  const unseen = runs.filter(({ ledger }) => ledger.changes > 0 && ledger.expected === 0);
  for (const scenario of new Set(unseen.map(({ spec }) => spec.scenario))) {
    say(
      `${scenario}: no change had a device that had to learn of it: the devices that wrote them were the only ones (more devices or members, or writer: external, would)`,
    );
  }
}

/** Whether the figures keep what the study promises of them. Says what is broken otherwise. */
export function thresholdVerdict(result: ResultFile, say: (sentence: string) => void): boolean {
  const outcomes = thresholdOutcomes(result);
  for (const { scenario, text } of result.thresholds ?? []) {
    const isChecked = outcomes.some(
      ({ threshold, point }) => threshold.text === text && point.scenario === scenario,
    );
    if (!isChecked)
      say(`threshold not checked: ${scenario}: ${text}: there is no such figure in the results`);
  }
  const broken = outcomes.filter(({ held }) => !held);
  for (const { threshold, point, value } of broken) {
    const shown = Number(value.toPrecision(4));
    say(
      `threshold broken: ${point.scenario} · ${point.label} (${point.backend}): ${threshold.text}, but it is ${shown} ${threshold.metric.unit} [DAVPULSE_THRESHOLD_BROKEN]`,
    );
  }
  return broken.length === 0;
}
