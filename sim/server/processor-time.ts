import type { ServerRecord } from '../metrics/index.ts';
import type { ServerSpec } from '../spec.ts';

/** Processor time of a server whose workers were busy for so long, ms, with that of its other threads where it has any. */
export const processorTime = (
  { besides }: ServerSpec,
  workersMs: number,
): Pick<ServerRecord, 'busyMs' | 'loopMs'> =>
  besides === undefined ? { busyMs: workersMs } : { busyMs: workersMs * (1 + besides), loopMs: workersMs };
