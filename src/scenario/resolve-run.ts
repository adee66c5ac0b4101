import type { RunSpec, ServerSpec } from '../../sim/index.ts';
import { resolveNamed, type NameContext } from './catalogue.ts';
import { dataSchemas } from './data-schema.ts';
import { collectionGroupOf } from './resolve-collection-group.ts';
import { contextAt, deviceGroupOf } from './resolve-device-group.ts';
import { refuseImpossible } from './refuse-impossible.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

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
  const at = (...path: Path): NameContext => contextAt(source, path);
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
    deviceGroups: input.devices.map((_, index) => deviceGroupOf(source, input, index)),
    collectionGroups: input.collections.map((group, index) =>
      collectionGroupOf(group, input.users, at('collections', index)),
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
  refuseImpossible(source, spec, input);
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
