import { waitingShare, whyNoForm } from '../expected/index.ts';
import type { RunRecord } from '../metrics/index.ts';
import { ofRequest, requestKinds, type RunSpec } from '../spec.ts';
import { ampleWorkers } from './apart.ts';
import { DeviceKind } from './device-kind.ts';
import { isGuarded } from './is-guarded.ts';
import { meanLoad } from './load.ts';

export type SimulationMode = Exclude<RunRecord['mode'], 'live'>;

/** When more of the requests wait for each other, they change what devices see. */
const mostWaiting = 0.3;

/**
 * Why a spec cannot be computed in a mode; undefined when it can. `exact` always can. Slices need polls on a steady
 * schedule with nothing about them drawn; leaving contacts out needs contacts that follow from the device alone, and a
 * server that seldom keeps anybody waiting.
 */
export function whyNot(spec: RunSpec, mode: SimulationMode): string | undefined {
  if (mode === 'exact') return undefined;
  if (mode === 'expected') return whyNoForm(spec);
  if (isGuarded(spec)) return 'requests may go unanswered, or contacts follow what the server announces';
  const window = { from: 0, to: spec.durationMs * 1000 };
  const kinds = spec.deviceGroups.map((group) => new DeviceKind(group, spec, window));
  if (kinds.some((kind) => kind.pushed)) return 'pushes make contacts depend on what happens';
  if (mode === 'exact-sliced') {
    if (!kinds.some((kind) => kind.periodTicks > 0)) return reasonAgainst(kinds, spec);
    const places = spec.collectionGroups.reduce((sum, { perUser }) => sum + Math.floor(perUser), 0);
    return places > 1 ? 'every device asks about several collections, one after the other' : undefined;
  }
  if (!kinds.some((kind) => kind.quiet)) {
    return 'no device group makes contacts that follow from the device alone and begin with a small request';
  }
  if (spec.server.cold ?? spec.server.newsCold)
    return 'what a contact costs depends on how long the server was idle';
  if (spec.server.majorGc) return 'how long requests wait depends on how much the server worked before';
  return whyBusy(spec);
}

/** On average over the day; a server with many workers may be busier than one with a single one. */
function whyBusy(spec: RunSpec): string | undefined {
  const { workers } = spec.server;
  const load = meanLoad(spec);
  const waiting = waitingShare(load * workers, workers);
  if (waiting <= mostWaiting) return undefined;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return `the server would be busy ${percent(load)} of the time, and ${percent(waiting)} of the requests would wait, above ${percent(mostWaiting)}`;
}

/** What is in the way of slices, for the first group that comes near them. */
function reasonAgainst(kinds: readonly DeviceKind[], spec: RunSpec): string {
  const kind = kinds.find(({ policy }) => policy.periodMs !== undefined);
  if (kind === undefined) return 'no device group polls on a steady schedule';
  const { group, radio } = kind;
  if (kind.direct) return 'contacts wait for an operating system, other traffic or another network';
  if (group.connectivity !== undefined) return 'devices are out of reach at times';
  if (!kind.constantFirst) return 'the size of the first request depends on what there is';
  if (kind.fixedRoundTrip < 0) return 'round-trip times are drawn for each contact';
  const request = requestKinds[kind.firstRequest] ?? 'sync-token';
  if (ofRequest(spec.server.serviceMs, request).kind !== 'constant')
    return 'service times are drawn for each request';
  if (radio.shape.staged) return 'the radio has promotions out of its tail';
  return 'an exchange outlasts the first state of the radio after a transfer, or the interval is no whole number of microseconds';
}

const sampleUsers = 40;
const sampleMs = 6 * 3_600_000;

/** At most so many users, but enough to fill a collection. */
export const usersOf = ({ users, collectionGroups }: RunSpec, most: number): number =>
  Math.min(users, Math.max(most, ...collectionGroups.map(({ members }) => members)));

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
