import type { RunRecord } from '../../sim/index.ts';
import type { ResultFile } from '../results/index.ts';

const mostBins = 48;

const joinBins = (counts: readonly number[], size: number): number[] =>
  Array.from({ length: Math.ceil(counts.length / size) }, (_, bin) =>
    counts.slice(bin * size, (bin + 1) * size).reduce((sum, count) => sum + count, 0),
  );

/** A record with a coarser time series: it makes up most of a file that is to be kept for long. */
function compactRun(run: RunRecord): RunRecord {
  const { series } = run.server;
  const size = Math.max(1, Math.ceil(series.requests.length / mostBins));
  return {
    ...run,
    server: {
      ...run.server,
      series: {
        binMs: series.binMs * size,
        requests: joinBins(series.requests, size),
        pushes: joinBins(series.pushes, size),
      },
    },
  };
}

/** A result as the guide keeps it: every figure of the guide can be computed from it. */
export const compactResult = (result: ResultFile): ResultFile => ({
  ...result,
  runs: result.runs.map(compactRun),
});
