import type { ServerRecord } from '../metrics/index.ts';
import type { ServerSpec } from '../spec.ts';

/** What kept a server busy, ms. */
interface Work {
  /** Its workers. */
  readonly workersMs: number;
  /** What of that was for push messages, and what other threads did for these. */
  readonly messages: { readonly workersMs: number; readonly besidesMs: number };
  readonly countedMs: number;
}

/** Processor time of a server, with its upkeep and with that of its other threads where it has any, and how long workers waited for these. */
export function processorTime(
  {
    besides = 0,
    pushBesides = besides,
    pushThreads,
    pushWaits,
    upkeepMs = 0,
  }: Pick<ServerSpec, 'besides' | 'pushBesides' | 'pushThreads' | 'pushWaits' | 'upkeepMs'>,
  { workersMs, messages, countedMs }: Work,
): Pick<ServerRecord, 'busyMs' | 'loopMs' | 'waitedMs'> {
  const mainMs = workersMs + (upkeepMs * countedMs) / 1000;
  if (besides + pushBesides === 0 && pushThreads === undefined) return { busyMs: mainMs };
  const othersMs = besides * (workersMs - messages.workersMs) + messages.besidesMs;
  return {
    busyMs: mainMs + othersMs,
    loopMs: mainMs,
    ...(pushWaits !== undefined && { waitedMs: pushWaits * messages.besidesMs }),
  };
}
