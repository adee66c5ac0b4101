import { metrics } from './metrics.ts';
import type { RunRecord } from '../../sim/index.ts';

export type CsvCell = string | number | boolean | undefined;

const cell = (value: CsvCell): string => {
  const text = value === undefined || Number.isNaN(value) ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Comma-separated values (RFC 4180), headed by the column names. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** One line a run, one column a metric; the unit stands in the header. */
export function runsToCsv(runs: readonly RunRecord[]): string {
  const head = ['scenario', 'label', 'backend', 'seed', 'devices', 'counted ms', 'time scale'];
  return toCsv(
    [...head, ...metrics.map(({ id, unit }) => `${id} [${unit}]`)],
    runs.map((run) => [
      run.spec.scenario,
      run.spec.label,
      run.backend,
      run.spec.seed,
      run.devices,
      run.countedMs,
      run.timeScale,
      ...metrics.map((metric) => metric.of(run)),
    ]),
  );
}
