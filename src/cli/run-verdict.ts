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

/** Whether the figures keep what the study promises of them. Says what is broken otherwise. */
export function thresholdVerdict(result: ResultFile, say: (sentence: string) => void): boolean {
  const broken = thresholdOutcomes(result).filter(({ held }) => !held);
  for (const { threshold, point, value } of broken) {
    const shown = Number(value.toPrecision(4));
    say(
      `threshold broken: ${point.scenario} · ${point.label} (${point.backend}): ${threshold.text}, but it is ${shown} ${threshold.metric.unit} [DAVPULSE_THRESHOLD_BROKEN]`,
    );
  }
  return broken.length === 0;
}
