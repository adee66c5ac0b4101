import type { RunRecord, RunSpec } from '../../sim/index.ts';
import { runOn, type WarmServer } from './run-warm.ts';
import { sumOf } from './sum-of.ts';
import type { Took } from './usual.ts';

/** A fleet that lives on a server to tell what something costs it. */
export interface CostFleet {
  readonly tells: 'upkeep' | 'looks' | 'reports' | 'news' | 'messages';
  readonly spec: RunSpec;
  /** How many requests each contact makes one after the other, where nothing changes. */
  readonly inContact: number;
}

/** What a fleet came to. */
export interface Came extends Took {
  /** What of the processor time the server's main thread took, ms, and how long that waited for a processor. */
  readonly loopMs: number;
  readonly waitedMs: number;
}

/** What it came to the one time that it lived: each has a seed of its own. */
export interface Visit extends Came {
  readonly spec: RunSpec;
}

/** A fleet that lived so many times, and what it came to in all of them together. */
export interface LivedFleet extends CostFleet, Came {
  readonly visits: readonly Visit[];
}

/** A machine that is too slow for the figures of a run may be good enough for its costs. */
const patientMs = 5000;

/** Lets it live once. @throws DavpulseError when the server refuses or fails */
export async function live(on: WarmServer, spec: RunSpec, signal: AbortSignal): Promise<Visit> {
  return { spec, ...cameOf(await runOn(on, spec, { signal, maxLagMs: patientMs })) };
}

/** What a fleet came to in a run. */
export function cameOf({ server, countedMs }: RunRecord): Came {
  const { requests, busyMs, loopMs = busyMs, waitedMs = 0, majorGcs = 0 } = server;
  return { requests, countedMs, busyMs, loopMs, waitedMs, majorGcs };
}

/**
 * The fleet as its visits came to it. What a machine is to its server changes from minute to minute, for this fleet as for
 * those that its prices are for: so they are added up, as errors relative to each would go by the cheap ones.
 */
export function together(fleet: CostFleet, visits: readonly Visit[]): LivedFleet {
  return {
    ...fleet,
    visits,
    requests: sumOf(visits, ({ requests }) => requests),
    countedMs: sumOf(visits, ({ countedMs }) => countedMs),
    busyMs: sumOf(visits, ({ busyMs }) => busyMs),
    loopMs: sumOf(visits, ({ loopMs }) => loopMs),
    waitedMs: sumOf(visits, ({ waitedMs }) => waitedMs),
    majorGcs: sumOf(visits, ({ majorGcs }) => majorGcs),
  };
}
