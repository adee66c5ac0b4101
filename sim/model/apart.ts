import { waitingShare } from '../expected/index.ts';
import { mapRequests, type RequestCost, type RunSpec } from '../spec.ts';
import { DeviceKind } from './device-kind.ts';
import { meanLoad } from './load.ts';

/** So many workers that nobody waits for one. */
export const ampleWorkers = 1024;
/** Fewer devices fit into the caches of a processor, and gain little. */
export const devicesToRunApart = 2 ** 17;
/** What hours of the day may raise the load by. */
const peak = 2;
/** Share of the requests that may wait; contacts that are left out may already stand for far more. */
const hardlyEver = 1e-4;

/**
 * Whether the parts of a fleet that share no collection may be run one after the other, which keeps all that is at work
 * in the cache: each device follows from itself and its collections alone, and requests wait for the server so seldom
 * that it shows in no figure. The record is that of events in order, but for what rounding makes of
 * sums.
 */
export function mayRunApart(spec: RunSpec, leastDevices = devicesToRunApart): boolean {
  const devices = spec.deviceGroups.reduce((sum, { perUser }) => sum + spec.users * perUser, 0);
  if (devices < leastDevices) return false;
  const window = { from: 0, to: spec.durationMs * 1000 };
  if (!spec.deviceGroups.every((group) => new DeviceKind(group, spec, window).quiet)) return false;
  const { workers } = spec.server;
  return waitingShare(peak * meanLoad(spec) * workers, workers) < hardlyEver;
}

/** Of a byte, in which sizes are counted: a power of two, so that sums of them are exact in whatever order they are made. */
const grain = 1 / 1024;
const rounded = (bytes: number): number => Math.round(bytes / grain) * grain;

/** The same run, with sizes whose sums do not depend on the order of events. */
export function withExactSums(spec: RunSpec): RunSpec {
  const { connect, requests } = spec.wire;
  const cost = ({ up, upPerItem, down, downPerItem }: RequestCost): RequestCost => ({
    up: rounded(up),
    upPerItem: rounded(upPerItem),
    down: rounded(down),
    downPerItem: rounded(downPerItem),
  });
  return {
    ...spec,
    wire: {
      ...spec.wire,
      connect: { up: rounded(connect.up), down: rounded(connect.down) },
      requests: mapRequests(requests, cost),
    },
  };
}
