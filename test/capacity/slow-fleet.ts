import type { RunSpec } from '../../sim/index.ts';
import { specOf } from '../live/spec.ts';

const serviceMs = 5;
const intervalMs = 1000;
/** One worker serves that many devices in an interval. */
export const saturation = intervalMs / serviceMs;

/** Users with a device each that polls a server with one slow worker. */
export function polling(users: number, durationMs: number): RunSpec {
  const spec = specOf({
    users,
    devicesPerUser: 1,
    members: 1,
    changesPerSecond: 0,
    durationMs,
    warmUpMs: 2000,
    syncPolicy: { kind: 'jittered', intervalMs, jitter: 0.5 },
  });
  const constant = { kind: 'constant', value: serviceMs } as const;
  return {
    ...spec,
    server: { ...spec.server, serviceMs: { ...spec.server.serviceMs, 'sync-collection': constant } },
  };
}
