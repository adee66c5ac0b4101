import { ns } from '../../xml/index.ts';

/** What somebody may do with a resource (RFC 3744 section 3, RFC 4791 section 6.1.1), none of it part of another. */
export type Privilege =
  | 'read'
  | 'read-free-busy'
  | 'read-acl'
  | 'read-current-user-privilege-set'
  | 'write-content'
  | 'write-properties'
  | 'bind'
  | 'unbind'
  | 'unlock'
  | 'write-acl';

const writing: readonly Privilege[] = ['write-content', 'write-properties', 'bind', 'unbind'];
const reading: readonly Privilege[] = ['read', 'read-free-busy'];
const alone: readonly Privilege[] = ['read-acl', 'read-current-user-privilege-set', 'unlock', 'write-acl'];

/** What a privilege by its name contains; undefined for one that there is not. */
export function contained(uri: string, name: string): readonly Privilege[] | undefined {
  if (uri === ns.caldav) return name === 'read-free-busy' ? ['read-free-busy'] : undefined;
  if (uri !== ns.dav || name === 'read-free-busy') return undefined;
  if (name === 'all') return [...reading, ...writing, ...alone];
  if (name === 'read') return reading;
  if (name === 'write') return writing;
  const own = [...writing, ...alone].find((privilege) => privilege === name);
  return own === undefined ? undefined : [own];
}

const named = (privilege: Privilege): string =>
  privilege === 'read-free-busy' ? '<C:read-free-busy/>' : `<D:${privilege}/>`;

/** Privileges as elements, with those that contain several of them. */
export const privilegeElements = (held: ReadonlySet<Privilege>): string[] => [
  ...(mayWrite(held) ? ['<D:write/>'] : []),
  ...[...held].map(named),
];

/** Whether somebody may write in every way. */
export const mayWrite = (held: ReadonlySet<Privilege>): boolean =>
  writing.every((privilege) => held.has(privilege));
