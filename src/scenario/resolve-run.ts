import type { CollectionGroup, DeviceGroup, RunSpec, ServerSpec } from '../../sim/index.ts';
import { resolveNamed, type NameContext } from './catalogue.ts';
import { dataSchemas } from './data-schema.ts';
import { osOf } from './resolve-os.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

const joulesPerWh = 3600;

/**
 * The runs' common part: names become what they stand for, everything is in the units of RunSpec.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID at the place of an unknown name or an impossible combination
 */
export function resolveRun(
  source: SourceDocument,
  input: ScenarioInput,
  label: string,
  seed: number,
): RunSpec {
  const at = (...path: Path): NameContext => ({
    file: source.file,
    error: (message) => source.errorAt(path, message),
  });
  const defaultWire = `davpulse-http${input.transport.http === '2' ? '2' : '1'}-${input.transport.tls ? 'tls' : 'clear'}`;
  const spec: RunSpec = {
    scenario: input.name,
    label,
    seed,
    durationMs: input.duration,
    warmUpMs: input.warmUp,
    users: input.users,
    ...(input.timeZones && {
      timeZones: input.timeZones.map(({ offset, weight }) => ({ offsetHours: offset, weight })),
    }),
    deviceGroups: input.devices.map((_, index) => deviceGroup(source, input, index)),
    collectionGroups: input.collections.map(
      ({ writes, ...group }): CollectionGroup => ({ ...group, ...(writes && { writes }) }),
    ),
    pushPolicy: input.pushPolicy,
    pushService: resolveNamed(
      'push-services',
      dataSchemas['push-services'],
      input.pushService,
      at('pushService'),
    ),
    transport: {
      http: input.transport.http,
      tls: input.transport.tls,
      keepAliveMs: input.transport.keepAlive,
    },
    wire: resolveNamed('wire', dataSchemas.wire, input.wire ?? defaultWire, at('wire')),
    server: serverOf(input.server, at('server')),
  };
  refuseEmptyFleet(source, spec);
  refuseWideCollections(source, spec);
  return spec;
}

function serverOf(given: ScenarioInput['server'], context: NameContext): ServerSpec {
  const { like, name, changes } =
    typeof given === 'string' ? { like: given, name: undefined, changes: {} } : given;
  if (like !== undefined) {
    const server = resolveNamed('servers', dataSchemas.servers, like, context);
    return { ...server, ...changes, ...(name !== undefined && { name }) };
  }
  const { workers, serviceMs, pushMs } = changes;
  if (name === undefined || workers === undefined || serviceMs === undefined || pushMs === undefined) {
    throw new RangeError('a server without a name, workers and service times passed the schema');
  }
  return { ...changes, name, workers, serviceMs, pushMs };
}

function deviceGroup(source: SourceDocument, input: ScenarioInput, index: number): DeviceGroup {
  const group = input.devices[index];
  if (group === undefined) throw new RangeError(`no device group ${index}`);
  const at = (key: string): NameContext => ({
    file: source.file,
    error: (message) => source.errorAt(['devices', index, key], message),
  });
  const syncPolicy = group.syncPolicy ?? input.syncPolicy;
  if (syncPolicy === undefined) {
    throw source.errorAt(['devices', index], 'expected a syncPolicy here or for the whole scenario');
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
    ...(group.connectivity && { connectivity: group.connectivity }),
    ...(group.keepAlive === undefined ? {} : { keepAliveMs: group.keepAlive }),
    ...(group.batteryWh === undefined ? {} : { batteryJ: group.batteryWh * joulesPerWh }),
  };
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
