import type { ServerRecord } from '../metrics/index.ts';
import type { ServerSpec } from '../spec.ts';

/** What kept a server busy, ms. */
interface Work {
  /** Its workers. */
  readonly workersMs: number;
  /** What of that was for push messages, and what other threads did for these. */
  readonly messages: { readonly workersMs: number; readonly besidesMs: number };
  /** How often their heap was collected. */
  readonly majorGcs: number;
  readonly countedMs: number;
}

/** Processor time of a server, with its upkeep and with that of its other threads where it has any, and how long workers waited for these. */
export function processorTime(
  {
    besides = 0,
    pushBesides = besides,
    pushThreads,
    pushWaits,
    majorGc,
    upkeepMs = 0,
  }: Pick<ServerSpec, 'besides' | 'pushBesides' | 'pushThreads' | 'pushWaits' | 'majorGc' | 'upkeepMs'>,
  { workersMs, messages, majorGcs, countedMs }: Work,
): Pick<ServerRecord, 'busyMs' | 'loopMs' | 'waitedMs' | 'majorGcs'> {
  const mainMs = workersMs + (upkeepMs * countedMs) / 1000;
  const waited = (pushWaits ?? majorGc) !== undefined && {
    waitedMs: (pushWaits ?? 0) * messages.besidesMs + (majorGc?.pauseMs ?? 0) * majorGcs,
  };
  const collected = majorGc && { majorGcs };
  if (besides + pushBesides === 0 && pushThreads === undefined) {
    return { busyMs: mainMs, ...waited, ...collected };
  }
  const othersMs = besides * (workersMs - messages.workersMs) + messages.besidesMs;
  return {
    busyMs: mainMs + othersMs,
    loopMs: mainMs,
    ...waited,
    ...collected,
  };
}
