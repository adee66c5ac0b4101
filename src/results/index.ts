export { compareBackends, type BackendGap } from './compare-backends.ts';
export { runsToCsv, toCsv, type CsvCell } from './csv.ts';
export { machineFingerprint } from './machine.ts';
export { mergeResults } from './merge-results.ts';
export { allStaleness, summaryParts, syncEnergyJ, type Metric, type MetricUnit } from './metric.ts';
export { metricById, metrics } from './metrics.ts';
export { parseResultFile, readResultFile } from './read-result-file.ts';
export {
  resultSchema,
  type MachineFingerprint,
  type Made,
  type ResultFile,
  type ResultPart,
  type StatedThreshold,
} from './result-file.ts';
export { estimate, type Estimate } from './statistics/estimate.ts';
export { summarize, valueOf, type PointSummary } from './summarize.ts';
export { ensureWritable, formatResultFile, writeResultFile, writeWhole } from './write-result-file.ts';
export { compareK6, isK6Summary } from './compare/k6-summary.ts';
export { compareResults, type CompareOptions, type ComparedResults } from './compare/compare-results.ts';
export { verdicts, type Comparison, type Verdict } from './compare/comparison.ts';
export {
  checkThresholds,
  parseThreshold,
  thresholdOutcomes,
  type Threshold,
  type ThresholdOutcome,
} from './threshold.ts';
export { normalQuantile } from './statistics/normal.ts';
export { mser5 } from './statistics/mser.ts';
export { precisionState, type PrecisionGoal, type PrecisionState } from './statistics/precision.ts';
