import type { DeviceGroup } from '../../sim/index.ts';
import { resolveNamed } from './catalogue.ts';
import { dataSchemas } from './data-schema.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import type { Path, SourceDocument } from './source-document.ts';

/**
 * The operating system's rules with the quotas of the group's bucket and its battery saver among them.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID for a name or a bucket that there is not
 */
export function osOf(
  source: SourceDocument,
  { os, bucket, batterySaver }: ScenarioInput['devices'][number],
  index: number,
): Pick<DeviceGroup, 'os'> {
  const error = (message: string, below: Path = []) =>
    source.errorAt(['devices', index, 'os', ...below], message);
  const saver = batterySaver !== undefined && {
    batterySaver: resolveNamed('battery-savers', dataSchemas['battery-savers'], batterySaver, {
      file: source.file,
      error: (message, below = []) => source.errorAt(['devices', index, 'batterySaver', ...below], message),
    }),
  };
  const bucketError = (message: string) => source.errorAt(['devices', index, 'bucket'], message);
  if (os === undefined) {
    if (bucket === undefined) return saver === false ? {} : { os: { name: 'no other rules', ...saver } };
    throw bucketError('expected an os whose bucket it is');
  }
  const { buckets, ...system } = resolveNamed('os', dataSchemas.os, os, { file: source.file, error });
  const rules = { ...system, ...saver };
  if (bucket === undefined) return { os: rules };
  const quotas = buckets[bucket];
  if (quotas === undefined) {
    const names = Object.keys(buckets).join(', ');
    throw bucketError(`expected one of ${names}, the buckets of ${rules.name}; got "${bucket}"`);
  }
  return { os: { ...rules, quotas: [...(rules.quotas ?? []), ...quotas] } };
}
