import type { DeviceGroup, RoamingSpec } from '../../sim/index.ts';
import { resolveNamed, type NameContext } from './catalogue.ts';
import { dataSchemas } from './data-schema.ts';
import { osOf } from './resolve-os.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

const joulesPerWh = 3600;
/** Mean voltage of a lithium-ion cell. */
const usualVolts = 3.85;

type Given = ScenarioInput['devices'][number];

/** Complains at a path of the scenario. */
export const contextAt = (source: SourceDocument, path: Path): NameContext => ({
  file: source.file,
  error: (message, below = []) => source.errorAt([...path, ...below], message),
});

/**
 * A device group in the form of RunSpec: names become what they stand for.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID at the place of an unknown name or a missing policy
 */
export function deviceGroupOf(source: SourceDocument, input: ScenarioInput, index: number): DeviceGroup {
  const group = input.devices[index];
  if (group === undefined) throw new RangeError(`no device group ${index}`);
  const at = (...path: Path): NameContext => contextAt(source, ['devices', index, ...path]);
  const syncPolicy = group.syncPolicy ?? input.syncPolicy;
  if (syncPolicy === undefined) {
    throw at().error('expected a syncPolicy here or for the whole scenario');
  }
  return {
    name: group.name,
    class: group.class,
    perUser: group.perUser,
    radio: resolveNamed('radios', dataSchemas.radios, group.radio, at('radio')),
    link: resolveNamed('links', dataSchemas.links, group.link, at('link')),
    client: {
      ...resolveNamed('clients', dataSchemas.clients, group.client, at('client')),
      ...(group.timeout === undefined ? {} : { timeoutMs: group.timeout }),
      ...(group.retries && { retries: group.retries }),
    },
    syncPolicy,
    ...(group.usage !== undefined && {
      usage: resolveNamed('usage', dataSchemas.usage, group.usage, at('usage')),
    }),
    ...osOf(source, group, index),
    ...(group.starts && { starts: { fromMs: group.starts.from, overMs: group.starts.over } }),
    ...(group.connectivity && { connectivity: group.connectivity }),
    ...(group.roaming && { roaming: roamingOf(group.roaming, at) }),
    ...(group.otherTraffic && { otherTraffic: group.otherTraffic }),
    ...pushServiceOf(group, at('pushService')),
    ...(group.keepAlive === undefined ? {} : { keepAliveMs: group.keepAlive }),
    ...batteryOf(group),
  };
}

const roamingOf = (
  { radio, link, hours }: NonNullable<Given['roaming']>,
  at: (...path: Path) => NameContext,
): RoamingSpec => ({
  radio: resolveNamed('radios', dataSchemas.radios, radio, at('roaming', 'radio')),
  link: resolveNamed('links', dataSchemas.links, link, at('roaming', 'link')),
  hours,
});

function pushServiceOf({ pushService }: Given, context: NameContext): Pick<DeviceGroup, 'pushService'> {
  if (pushService === undefined) return {};
  if (pushService === 'none') return { pushService: null };
  const schema = dataSchemas['push-services'];
  return { pushService: resolveNamed('push-services', schema, pushService, context) };
}

/** Energy of the battery, and its voltage where charges are asked for. */
function batteryOf({
  batteryWh,
  batteryMah,
  batteryVolts,
}: Given): Pick<DeviceGroup, 'batteryJ' | 'batteryVolts'> {
  const volts = batteryVolts ?? usualVolts;
  const wh = batteryWh ?? (batteryMah === undefined ? undefined : (batteryMah / 1000) * volts);
  if (wh === undefined) return {};
  const named = batteryMah !== undefined || batteryVolts !== undefined;
  return { batteryJ: wh * joulesPerWh, ...(named && { batteryVolts: volts }) };
}
