import type { RunSpec } from '../../sim/index.ts';
import { runOn, type WarmServer } from './run-warm.ts';

/** A fleet that lives on a server to tell what something costs it. */
export interface CostFleet {
  readonly tells: 'upkeep' | 'looks' | 'reports' | 'news' | 'messages';
  readonly spec: RunSpec;
  /** How many requests each contact makes one after the other, where nothing changes. */
  readonly inContact: number;
}

/** What a fleet came to. */
export interface LivedFleet extends CostFleet {
  readonly requests: number;
  readonly countedMs: number;
  /** Processor time of the server, ms, what of it its main thread took, and how long that waited for a processor. */
  readonly busyMs: number;
  readonly loopMs: number;
  readonly waitedMs: number;
  /** How often it collected its whole heap. */
  readonly majorGcs: number;
}

/** A machine that is too slow for the figures of a run may be good enough for its costs. */
const patientMs = 5000;

/** Lets it live. @throws DavpulseError when the server refuses or fails */
export async function live(on: WarmServer, fleet: CostFleet, signal: AbortSignal): Promise<LivedFleet> {
  const { server, countedMs } = await runOn(on, fleet.spec, { signal, maxLagMs: patientMs });
  const { requests, busyMs, loopMs = busyMs, waitedMs = 0, majorGcs = 0 } = server;
  return { ...fleet, requests, countedMs, busyMs, loopMs, waitedMs, majorGcs };
}
