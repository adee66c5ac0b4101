import { createSyncPolicy, type RunSpec } from '../../sim/index.ts';
import { formatDuration } from './duration.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

/**
 * Refuses what is right field by field and cannot work together.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID at the place of the field that has to give way
 */
export function refuseImpossible(source: SourceDocument, spec: RunSpec, input: ScenarioInput): void {
  refuseEmptyFleet(source, spec);
  refuseWideCollections(source, spec);
  refusePushWithoutService(source, spec, input);
  refuseClosedGate(source, spec);
  refuseBlindSaver(source, spec);
  refuseLonelyScheduling(source, spec);
  refuseTracesOfAnotherTime(source, spec, input);
  refuseForgottenHolds(source, spec, input);
  refuseForgottenPushes(source, spec, input);
}

function refuseEmptyFleet(source: SourceDocument, spec: RunSpec): void {
  const devices = spec.deviceGroups.reduce((sum, group) => sum + Math.floor(spec.users * group.perUser), 0);
  if (devices === 0) {
    throw source.errorAt(
      ['users'],
      `expected at least one device; ${spec.users} users with so few devices each have none`,
    );
  }
}

function refuseWideCollections(source: SourceDocument, spec: RunSpec): void {
  for (const [index, { members }] of spec.collectionGroups.entries()) {
    if (members > spec.users) {
      const message = `expected at most the ${spec.users} users of the fleet; got ${members}`;
      throw source.errorAt(['collections', index, 'members'], message);
    }
  }
}

const placeOfPolicy = (input: ScenarioInput, index: number): Path =>
  input.devices[index]?.syncPolicy === undefined ? ['syncPolicy'] : ['devices', index, 'syncPolicy'];

/** A device that asks only when pushed, and never is, would never sync. */
function refusePushWithoutService(source: SourceDocument, spec: RunSpec, input: ScenarioInput): void {
  for (const [index, group] of spec.deviceGroups.entries()) {
    const { usesPush } = createSyncPolicy(group.syncPolicy);
    const place = placeOfPolicy(input, index);
    if (usesPush && group.pushService === null) {
      throw source.errorAt(
        place,
        `expected a policy that polls: ${group.syncPolicy.kind} follows pushes, and ${group.name} has no push service`,
      );
    }
    if (group.syncPolicy.kind === 'on-push' && spec.pushPolicy.kind === 'off') {
      throw source.errorAt(
        place,
        `expected a policy that polls, or a pushPolicy: on-push asks only when pushed, and the server sends nothing to ${group.name}`,
      );
    }
  }
}

/** An operating system that waits for a charger, on devices that never see one. */
function refuseClosedGate(source: SourceDocument, spec: RunSpec): void {
  for (const [index, { os, usage, name }] of spec.deviceGroups.entries()) {
    if (os?.onChargerOnly === true && usage?.charging === undefined) {
      const message = `expected a usage with hours on a charger: ${os.name} lets ${name} sync on a charger only`;
      throw source.errorAt(['devices', index, 'os'], message);
    }
  }
}

/** A battery saver that could not know what is left of a charge. */
function refuseBlindSaver(source: SourceDocument, spec: RunSpec): void {
  for (const [index, { os, usage, name }] of spec.deviceGroups.entries()) {
    if (os?.batterySaver === undefined) continue;
    if (usage?.charging !== undefined && usage.batteryLifeMs !== undefined) continue;
    const message = `expected a usage with hours on a charger and a batteryLife, from which the battery saver of ${name} takes what is left`;
    throw source.errorAt(['devices', index, 'batterySaver'], message);
  }
}

/** Invitations go to other calendars of the group. */
function refuseLonelyScheduling(source: SourceDocument, spec: RunSpec): void {
  for (const [index, { changes, members, perUser }] of spec.collectionGroups.entries()) {
    if (changes.kind === 'scheduling' && Math.ceil((spec.users * perUser) / members) < 2) {
      const message = 'expected a group of at least two calendars, such as members: 1 with several users';
      throw source.errorAt(['collections', index, 'changes', 'kind'], message);
    }
  }
}

/** A recording that begins when the run is over: all would look fresh. */
function refuseTracesOfAnotherTime(source: SourceDocument, spec: RunSpec, input: ScenarioInput): void {
  const endMs = spec.warmUpMs + spec.durationMs;
  for (const [index, { changes }] of spec.collectionGroups.entries()) {
    if (changes.kind !== 'trace') continue;
    const first = changes.atMs.flat().reduce((least, atMs) => Math.min(least, atMs), Infinity);
    if (first < endMs || first === Infinity) continue;
    const field = input.collections[index]?.changes.kind === 'trace-file' ? 'file' : 'at';
    const message = `expected changes within the run, which ends after ${formatDuration(endMs)}; the first comes after ${formatDuration(first)}`;
    throw source.errorAt(['collections', index, 'changes', field], message);
  }
}

/** The answer to a request that was held for longer than the network remembers its connection would never arrive. */
function refuseForgottenHolds(source: SourceDocument, spec: RunSpec, input: ScenarioInput): void {
  for (const [index, { name, link, roaming, syncPolicy }] of spec.deviceGroups.entries()) {
    const { holdMs = 0 } = createSyncPolicy(syncPolicy);
    const natTimeoutMs = Math.min(link.natTimeoutMs ?? Infinity, roaming?.link.natTimeoutMs ?? Infinity);
    if (holdMs < natTimeoutMs) continue;
    const message = `expected a hold of less than ${natTimeoutMs / 1000} s, after which the link of ${name} forgets a silent connection; got ${holdMs / 1000} s`;
    throw source.errorAt([...placeOfPolicy(input, index), 'hold'], message);
  }
}

/** A push connection without keep-alives would be forgotten for good. */
function refuseForgottenPushes(source: SourceDocument, spec: RunSpec, input: ScenarioInput): void {
  if (spec.pushPolicy.kind === 'off') return;
  for (const [index, group] of spec.deviceGroups.entries()) {
    const { link, roaming, syncPolicy, pushService, keepAliveMs } = group;
    const forgets = link.natTimeoutMs !== undefined || roaming?.link.natTimeoutMs !== undefined;
    const each = keepAliveMs ?? (pushService ?? spec.pushService).keepAliveMs;
    if (!forgets || each > 0 || pushService === null || !createSyncPolicy(syncPolicy).usesPush) continue;
    const place: Path =
      input.devices[index]?.keepAlive === undefined
        ? ['devices', index, 'link']
        : ['devices', index, 'keepAlive'];
    const message = `expected keep-alives on the push connections of ${group.name}, whose link forgets silent ones; it has none`;
    throw source.errorAt(place, message);
  }
}
