import type { CollectionGroup } from '../../sim/index.ts';
import type { NameContext } from './catalogue.ts';
import { readTrace } from './read-trace.ts';
import type { ScenarioInput } from './scenario-schema.ts';

/**
 * A collection group in the form of RunSpec: `all` becomes a number, a recording is read.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID for a recording that cannot be read or does not fit
 */
export function collectionGroupOf(
  { changes, members: given, writes, ...rest }: ScenarioInput['collections'][number],
  users: number,
  context: NameContext,
): CollectionGroup {
  const members = given === 'all' ? users : given;
  const group = { ...rest, ...(writes && { writes }) };
  if (changes.kind !== 'trace-file') return { ...group, members, changes };
  const collections = Math.ceil((users * group.perUser) / Math.min(members, users));
  const below: NameContext = {
    file: context.file,
    error: (message) => context.error(message, ['changes', 'file']),
  };
  return { ...group, members, changes: readTrace(changes.file, collections, below) };
}
