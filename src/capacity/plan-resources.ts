import { createSyncPolicy, type RunRecord } from '../../sim/index.ts';
import { loadBetween, peakHourLoad, peakHourOf, sumOf } from './plan-load.ts';

export const resources = ['processor', 'push dispatch', 'connections', 'memory'] as const;
export type Resource = (typeof resources)[number];

/** What a server has, and how much of it may be used. */
export interface Limits {
  /** Share of a worker's time and of the memory that the highest hour may take. */
  readonly objective: number;
  readonly connections: number;
  readonly memoryBytes: number;
}

/**
 * Devices that each resource of one server carries in the highest hour; `NaN` for what the profile tells nothing of.
 * Dispatch has workers of its own here, to show whether messages or requests are what fills a processor that does both.
 */
export function carriedBy(record: RunRecord, limits: Limits): Readonly<Record<Resource, number>> {
  const { devices, spec } = record;
  const load = peakHourLoad(record);
  const perDevice = connectionsPerDevice(record);
  return {
    processor: (devices * limits.objective) / sumOf(load),
    'push dispatch': load.pushes > 0 ? (devices * limits.objective) / load.pushes : Infinity,
    connections: limits.connections / (perDevice.requests + perDevice.pushes),
    memory: memoryCarries(spec.server.memory, perDevice, limits),
  };
}

function memoryCarries(
  memory: RunRecord['spec']['server']['memory'],
  { requests, pushes }: { requests: number; pushes: number },
  { memoryBytes, objective }: Limits,
): number {
  if (memory === undefined) return NaN;
  const each = requests * memory.connectionBytes + pushes * memory.subscriptionBytes;
  return Math.max(0, memoryBytes * objective - memory.baseBytes) / each;
}

/**
 * Connections that a device holds on average in the highest hour: one for requests, kept for a while after each
 * contact, and one for push if it has any, as if the push service were on the same server.
 */
function connectionsPerDevice(record: RunRecord): { requests: number; pushes: number } {
  const { spec, devices, groups, countedMs } = record;
  const { fromMs, lengthMs } = peakHourOf(record);
  const mean = sumOf(loadBetween(record, 0, countedMs));
  const lift = mean === 0 ? 1 : sumOf(loadBetween(record, fromMs, fromMs + lengthMs)) / mean;
  const contacts = groups.reduce((sum, group) => sum + group.contacts, 0);
  const perMs = (lift * contacts) / (devices * countedMs);
  const pushed = groups.reduce((sum, group, index) => {
    const policy = spec.deviceGroups[index]?.syncPolicy;
    return sum + (policy !== undefined && createSyncPolicy(policy).usesPush ? group.devices : 0);
  }, 0);
  return {
    requests: 1 - Math.exp(-perMs * spec.transport.keepAliveMs),
    pushes: spec.pushPolicy.kind === 'off' ? 0 : pushed / devices,
  };
}

/** The resource that gives out first. */
export const bottleneckOf = (carried: Readonly<Record<Resource, number>>): Resource =>
  resources.reduce((least, resource) => (carried[resource] < carried[least] ? resource : least));
