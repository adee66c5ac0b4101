import type { ExpectedError, HistogramData, RunRecord } from '../metrics/index.ts';
import { Histogram } from '../metrics/index.ts';
import { importances } from '../spec.ts';

/** By how much a record of closed forms is off one that was simulated, as shares of the latter. */
export function errorOf(expected: Omit<RunRecord, 'expectedError'>, exact: RunRecord): ExpectedError {
  const off = (value: (record: Omit<RunRecord, 'expectedError'>) => number): number => {
    const truth = value(exact);
    const given = value(expected);
    return truth === given ? 0 : Math.abs(given / truth - 1);
  };
  return {
    devices: exact.devices,
    countedMs: exact.countedMs,
    contacts: off((record) => total(record.groups.map(({ contacts }) => contacts))),
    requests: off(({ server }) => server.requests),
    bytes: off(({ bytes }) => total(bytes.map(({ up, down }) => up + down))),
    energy: off(({ groups }) =>
      total(groups.map(({ energyJ }) => energyJ.promotion + energyJ.active + energyJ.tail + energyJ.idle)),
    ),
    serverBusy: off(({ server }) => server.busyMs),
    stalenessMean: off((record) => {
      const { sum, count } = all(record.staleness);
      return sum / count;
    }),
    stalenessP50: off((record) => all(record.staleness).quantile(0.5)),
    stalenessP95: off((record) => all(record.staleness).quantile(0.95)),
    freshShare: off(({ freshShare }) => freshShare),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function all(staleness: RunRecord['staleness']): Histogram {
  const merged = new Histogram();
  for (const name of importances) merged.merge(Histogram.fromData(staleness[name] satisfies HistogramData));
  return merged;
}
