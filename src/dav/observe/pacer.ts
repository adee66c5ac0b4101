import { performance } from 'node:perf_hooks';
import { paceAt, type PacingSpec } from '../../../sim/index.ts';

/** The interval that is announced now, ms. */
export type Pacer = () => number;

/** How busy the server is; the source of the time is a parameter for tests. */
export type BusyClock = () => { readonly idleMs: number; readonly activeMs: number };

export const eventLoopClock: BusyClock = () => {
  const { idle, active } = performance.eventLoopUtilization();
  return { idleMs: idle, activeMs: active };
};

/** Measures the load, the share of a span in which the server was at work, when it is asked. */
export function createPacer(spec: PacingSpec, clock: BusyClock = eventLoopClock): Pacer {
  let since = clock();
  let intervalMs = paceAt(spec, 0);
  return () => {
    const now = clock();
    const active = now.activeMs - since.activeMs;
    const span = active + now.idleMs - since.idleMs;
    if (span >= spec.overMs) {
      intervalMs = paceAt(spec, active / span);
      since = now;
    }
    return intervalMs;
  };
}
