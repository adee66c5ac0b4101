import { whyNoForm } from '../expected/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import type { RunSpec } from '../spec.ts';
import { ampleWorkers } from './apart.ts';
import { DeviceKind } from './device-kind.ts';
import { isGuarded } from './is-guarded.ts';
import { meanLoad } from './load.ts';

export type SimulationMode = Exclude<RunRecord['mode'], 'live'>;

/** Beyond this load requests wait for each other often enough to change what devices see. */
const highestLoad = 0.3;
const dayMs = 86_400_000;

/**
 * Why a spec cannot be computed in a mode; undefined when it can. `exact` always can. Slices need polls on a steady
 * schedule with nothing about them drawn; leaving contacts out needs contacts that follow from the device alone, and a
 * server that is seldom busy.
 */
export function whyNot(spec: RunSpec, mode: SimulationMode): string | undefined {
  if (mode === 'exact') return undefined;
  if (mode === 'expected') return whyNoForm(spec);
  if (isGuarded(spec)) return 'requests may go unanswered, or contacts follow what the server announces';
  const window = { from: 0, to: spec.durationMs * 1000 };
  const kinds = spec.deviceGroups.map((group) => new DeviceKind(group, spec, window));
  if (kinds.some((kind) => kind.pushed)) return 'pushes make contacts depend on what happens';
  if (mode === 'exact-sliced') {
    return kinds.some((kind) => kind.periodTicks > 0) ? undefined : reasonAgainst(kinds, spec);
  }
  if (!kinds.some((kind) => kind.quiet)) {
    return 'no device group makes contacts that follow from the device alone and begin with a small request';
  }
  if (spec.server.cold !== undefined) return 'what a contact costs depends on how long the server was idle';
  const load = meanLoad(spec);
  return load > highestLoad
    ? `the server would be busy ${(load * 100).toFixed(0)} % of the time, above ${highestLoad * 100} %, and requests would wait`
    : undefined;
}

function reasonAgainst(kinds: readonly DeviceKind[], spec: RunSpec): string {
  if (kinds.every(({ policy }) => policy.periodMs === undefined))
    return 'no device group polls on a steady schedule';
  if (kinds.every(({ fixedRoundTrip }) => fixedRoundTrip < 0))
    return 'round-trip times are drawn for each contact';
  const services = [spec.server.serviceMs['sync-token'], spec.server.serviceMs['sync-collection']];
  if (services.some(({ kind }) => kind !== 'constant')) return 'service times are drawn for each request';
  return 'an exchange outlasts the first state of the radio after a transfer, or its size depends on what it finds';
}

const sampleUsers = 40;
const sampleMs = 6 * 3_600_000;
/** Closed forms are means, so their error shows on a larger sample only. */
const expectedUsers = 2000;

/** At most so many users, but enough to fill a collection. */
const usersOf = ({ users, collectionGroups }: RunSpec, most: number): number =>
  Math.min(users, Math.max(most, ...collectionGroups.map(({ members }) => members)));

/** A smaller fleet of the same make, to measure closed forms on. */
export const expectedSampleOf = (spec: RunSpec): RunSpec => ({
  ...spec,
  users: usersOf(spec, expectedUsers),
  durationMs: Math.min(spec.durationMs, dayMs),
  warmUpMs: Math.min(spec.warmUpMs, dayMs),
});

/** A small fleet of the same make, on a server where none waits: what a shortcut is proved on. */
export function sampleOf(spec: RunSpec, mode: SimulationMode): RunSpec {
  return {
    ...spec,
    users: usersOf(spec, sampleUsers),
    durationMs: Math.min(spec.durationMs, sampleMs),
    warmUpMs: Math.min(spec.warmUpMs, sampleMs),
    // Slices keep the queue of the server; leaving contacts out does without it, which the guard on load allows.
    server: { ...spec.server, workers: mode === 'exact-sliced' ? spec.server.workers : ampleWorkers },
  };
}
