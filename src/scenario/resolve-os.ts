import type { DeviceGroup } from '../../sim/index.ts';
import { resolveNamed } from './catalogue.ts';
import { dataSchemas } from './data-schema.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

/**
 * The operating system's rules with the quotas of the group's bucket among them.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID for a name or a bucket that there is not
 */
export function osOf(
  source: SourceDocument,
  { os, bucket }: ScenarioInput['devices'][number],
  index: number,
): Pick<DeviceGroup, 'os'> {
  const error = (message: string, below: Path = []) =>
    source.errorAt(['devices', index, 'os', ...below], message);
  const bucketError = (message: string) => source.errorAt(['devices', index, 'bucket'], message);
  if (os === undefined) {
    if (bucket === undefined) return {};
    throw bucketError('expected an os whose bucket it is');
  }
  const { buckets, ...rules } = resolveNamed('os', dataSchemas.os, os, { file: source.file, error });
  if (bucket === undefined) return { os: rules };
  const quotas = buckets[bucket];
  if (quotas === undefined) {
    const names = Object.keys(buckets).join(', ');
    throw bucketError(`expected one of ${names}, the buckets of ${rules.name}; got "${bucket}"`);
  }
  return { os: { ...rules, quotas: [...(rules.quotas ?? []), ...quotas] } };
}
