import type { ServerRecord } from '../metrics/index.ts';
import type { ServerSpec } from '../spec.ts';

/**
 * Processor time in `countedMs` of a server whose workers were busy for `workersMs`, `messagesMs` of it for push messages, with
 * its upkeep and with that of its other threads where it has any.
 */
export function processorTime(
  {
    besides = 0,
    pushBesides = besides,
    upkeepMs = 0,
  }: Pick<ServerSpec, 'besides' | 'pushBesides' | 'upkeepMs'>,
  { workersMs, messagesMs, countedMs }: Record<'workersMs' | 'messagesMs' | 'countedMs', number>,
): Pick<ServerRecord, 'busyMs' | 'loopMs'> {
  const mainMs = workersMs + (upkeepMs * countedMs) / 1000;
  if (besides === 0 && pushBesides === 0) return { busyMs: mainMs };
  const othersMs = besides * (workersMs - messagesMs) + pushBesides * messagesMs;
  return { busyMs: mainMs + othersMs, loopMs: mainMs };
}
