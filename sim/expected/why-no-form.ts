import { loadOf } from './expected-record.ts';
import { scheduleOf } from './schedules.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';

/** Why the closed forms say nothing about a spec; undefined when they do. */
export function whyNoForm(spec: RunSpec): string | undefined {
  const { server, collectionGroups, deviceGroups, timeZones } = spec;
  if (server.accept || server.restarts || server.pacing) return 'the server may refuse, restart or pace';
  if (server.connectMs) return 'connections take time of the server';
  if (server.cold || server.newsCold || server.pushCold)
    return 'what a request costs depends on how long the server was idle';
  if (server.majorGc) return 'workers stand still at times';
  if (timeZones) return 'there is no closed form for time zones';
  const uneven = collectionGroups.find(({ changes }) => changes.kind !== 'poisson');
  if (uneven) return `there is no closed form for changes of kind ${uneven.changes.kind}`;
  if (collectionGroups.some(({ writes }) => writes))
    return 'there is no closed form for changes other than edits';
  for (const group of deviceGroups) {
    const reason = whyNoGroup(spec, group);
    if (reason !== undefined) return `${reason} (${group.name})`;
  }
  return loadOf(spec) >= 1 ? 'the server cannot keep up' : undefined;
}

function whyNoGroup(spec: RunSpec, group: DeviceGroup): string | undefined {
  const { client, radio } = group;
  const schedule = scheduleOf(spec, group);
  if (typeof schedule === 'string') return schedule;
  if (group.starts) return 'the devices begin one after the other';
  if (client.timeoutMs !== undefined) return 'clients may give up on answers';
  if (radio.tail.some(({ promotion }) => promotion))
    return 'there is no closed form for promotions out of a tail';
  if (group.connectivity || group.usage || group.os || group.roaming || group.otherTraffic) {
    return 'there is no closed form for devices that are away, used, roaming or held back';
  }
  return undefined;
}
