import { Histogram, mergeHistograms, type ExpectedError, type RunRecord } from '../metrics/index.ts';
import { importances } from '../spec.ts';

type Given = Omit<RunRecord, 'expectedError'>;

/** By how much a record of closed forms is off the mean of simulated ones of several seeds, as shares of the latter. */
export function errorOf(expected: Given, exact: readonly RunRecord[]): ExpectedError {
  const relative = (given: number, truth: number) => (truth === given ? 0 : Math.abs(given / truth - 1));
  const off = (value: (record: Given) => number): number =>
    relative(value(expected), total(exact.map(value)) / exact.length);
  const offStaleness = (value: (staleness: Histogram) => number): number =>
    relative(value(stalenessOf([expected])), value(stalenessOf(exact)));
  return {
    devices: expected.devices,
    countedMs: expected.countedMs,
    runs: exact.length,
    changes: total(exact.map(({ ledger }) => ledger.changes)),
    contacts: off((record) => total(record.groups.map(({ contacts }) => contacts))),
    requests: off(({ server }) => server.requests),
    bytes: off(({ bytes }) => total(bytes.map(({ up, down }) => up + down))),
    energy: off(({ groups }) =>
      total(groups.map(({ energyJ }) => energyJ.promotion + energyJ.active + energyJ.tail + energyJ.idle)),
    ),
    serverBusy: off(({ server }) => server.busyMs),
    stalenessMean: offStaleness(({ sum, count }) => sum / count),
    stalenessP50: offStaleness((staleness) => staleness.quantile(0.5)),
    stalenessP95: offStaleness((staleness) => staleness.quantile(0.95)),
    freshShare: off(({ freshShare }) => freshShare),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const stalenessOf = (records: readonly Given[]): Histogram =>
  Histogram.fromData(
    mergeHistograms(records.flatMap(({ staleness }) => importances.map((name) => staleness[name]))),
  );
