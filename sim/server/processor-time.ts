import type { ServerRecord } from '../metrics/index.ts';
import type { ServerSpec } from '../spec.ts';

/**
 * Processor time of a server whose workers were busy for so long, ms, `messagesMs` of it for push messages, with that of its
 * other threads where it has any.
 */
export function processorTime(
  { besides = 0, pushBesides = besides }: Pick<ServerSpec, 'besides' | 'pushBesides'>,
  workersMs: number,
  messagesMs: number,
): Pick<ServerRecord, 'busyMs' | 'loopMs'> {
  if (besides === 0 && pushBesides === 0) return { busyMs: workersMs };
  const othersMs = besides * (workersMs - messagesMs) + pushBesides * messagesMs;
  return { busyMs: workersMs + othersMs, loopMs: workersMs };
}
