import type { Distribution, RunSpec, ServerSpec, WireCosts } from '../../sim/index.ts';
import { isImitated, isLongWay } from '../live/index.ts';
import type { PushDelay } from './measure-push-delay.ts';
import type { ServiceTime } from './measure-service.ts';

/** What was measured of a server and the ways to it. */
export interface Measured {
  readonly wire: WireCosts;
  readonly server: ServerSpec;
  readonly pushDelay: PushDelay;
  readonly roundTripMs: number;
}

/** What was measured of it with a lone client. */
export interface Alone extends Measured {
  readonly times: { readonly 'sync-collection': ServiceTime; readonly push?: ServiceTime };
}

const leastDelayMs = 0.01;

/**
 * The spec as the simulator takes it: costs are those that were measured, and ways are as long, a message's on top of
 * the delay that is imitated.
 */
export function asMeasured(planned: RunSpec, { wire, server, pushDelay, roundTripMs }: Measured): RunSpec {
  const rttMs: Distribution = { kind: 'constant', value: roundTripMs };
  const spec = {
    ...planned,
    wire,
    server,
    deviceGroups: planned.deviceGroups.map((group) =>
      isLongWay(group.link) ? group : { ...group, link: { ...group.link, rttMs } },
    ),
  };
  const { delayMs } = spec.pushService;
  if (delayMs.kind !== 'constant' || !(pushDelay.p95Ms > pushDelay.medianMs)) return spec;
  const imitatedMs = isImitated(delayMs) ? delayMs.value : 0;
  const measured: Distribution = {
    kind: 'lognormal',
    // None beyond the server's own work may be left of the median, which a log-normal distribution does not know.
    median: Math.max(leastDelayMs, imitatedMs + pushDelay.medianMs),
    p95: Math.max(leastDelayMs, imitatedMs + pushDelay.p95Ms),
  };
  return { ...spec, pushService: { ...spec.pushService, delayMs: measured } };
}
