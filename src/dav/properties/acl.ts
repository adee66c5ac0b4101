import { escapeXml, ns } from '../../xml/index.ts';
import { encodePath } from '../http/request-target.ts';
import type { NodeKind } from '../store/node.ts';
import { allows, type Access, type Resource } from '../tree/resource.ts';
import { principalPath } from './dav.ts';
import type { LiveProperty } from './property.ts';

const href = (path: string): string => `<D:href>${escapeXml(path)}</D:href>`;

const readPrivileges = ['<D:read/>', '<D:read-current-user-privilege-set/>', '<D:read-acl/>'];
const writePrivileges = ['<D:write-content/>', '<D:bind/>', '<D:unbind/>'];
const ownerPrivileges = ['<D:all/>', '<D:write/>', '<D:write-properties/>', '<D:unlock/>'];

/** The privileges (RFC 3744 section 3) that an access stands for, contained ones included. */
export function privilegesOf(access: Access, { kind }: { kind: string }): string[] {
  if (access === 'none') return [];
  const privileges = [...readPrivileges];
  if (kind === 'calendar') privileges.push('<C:read-free-busy/>');
  if (allows(access, 'write')) privileges.push(...writePrivileges, '<D:write-properties/>');
  if (access === 'all') {
    privileges.push(...ownerPrivileges.filter((privilege) => !privileges.includes(privilege)));
    if (kind === 'inbox')
      privileges.push(
        '<C:schedule-deliver/>',
        '<C:schedule-deliver-invite/>',
        '<C:schedule-deliver-reply/>',
        '<C:schedule-query-freebusy/>',
      );
    if (kind === 'outbox')
      privileges.push(
        '<C:schedule-send/>',
        '<C:schedule-send-invite/>',
        '<C:schedule-send-reply/>',
        '<C:schedule-send-freebusy/>',
      );
  }
  return privileges;
}

const wrap = (privileges: readonly string[]): string =>
  privileges.map((privilege) => `<D:privilege>${privilege}</D:privilege>`).join('');

const supported = (name: string, description: string, inner = ''): string =>
  `<D:supported-privilege><D:privilege>${name}</D:privilege><D:description xml:lang="en">${description}</D:description>${inner}</D:supported-privilege>`;

/** What can be allowed of scheduling, where it can be (RFC 6638 section 6). */
const scheduling: Readonly<Partial<Record<NodeKind, string>>> = {
  inbox: supported(
    '<C:schedule-deliver/>',
    'Deliver scheduling messages',
    supported('<C:schedule-deliver-invite/>', 'Deliver invitations') +
      supported('<C:schedule-deliver-reply/>', 'Deliver answers') +
      supported('<C:schedule-query-freebusy/>', 'Ask for busy times'),
  ),
  outbox: supported(
    '<C:schedule-send/>',
    'Send scheduling messages',
    supported('<C:schedule-send-invite/>', 'Send invitations') +
      supported('<C:schedule-send-reply/>', 'Send answers') +
      supported('<C:schedule-send-freebusy/>', 'Send questions for busy times'),
  ),
};

const supportedPrivileges = (kind: NodeKind): string =>
  supported(
    '<D:all/>',
    'Any operation',
    (scheduling[kind] ?? '') +
      supported('<D:read/>', 'Read', supported('<C:read-free-busy/>', 'Read busy times')) +
      supported('<D:read-current-user-privilege-set/>', 'Read own privileges') +
      supported('<D:read-acl/>', 'Read the access control list') +
      supported(
        '<D:write/>',
        'Write',
        supported('<D:write-content/>', 'Write content') +
          supported('<D:write-properties/>', 'Write properties') +
          supported('<D:bind/>', 'Add members') +
          supported('<D:unbind/>', 'Remove members'),
      ) +
      supported('<D:unlock/>', 'Remove locks'),
  );

const ace = (principal: string, privileges: string): string =>
  `<D:ace><D:principal>${principal}</D:principal><D:grant>${privileges}</D:grant><D:protected/></D:ace>`;

function aclOf({ node, content, access }: Resource, user: string): string {
  const owner = node.owner === '' ? '' : ace(href(principalPath(content.owner)), wrap(['<D:all/>']));
  const own =
    content.owner === user ? '' : ace(href(principalPath(user)), wrap(privilegesOf(access, content)));
  return owner + own;
}

const live = (name: string, read: LiveProperty['read']): LiveProperty => ({ ns: ns.dav, name, read });

/** Properties of RFC 3744 and RFC 5397 that clients look at. */
export const aclProperties: readonly LiveProperty[] = [
  live('current-user-principal', (_, { user }) => href(principalPath(user))),
  live('current-user-privilege-set', ({ access, content }) => wrap(privilegesOf(access, content))),
  live('owner', ({ content }) => (content.owner === '' ? undefined : href(principalPath(content.owner)))),
  live('group', () => ''),
  live('acl', (resource, { user }) => aclOf(resource, user)),
  live('acl-restrictions', () => '<D:grant-only/><D:no-invert/>'),
  live('inherited-acl-set', () => ''),
  live('supported-privilege-set', ({ content }) => supportedPrivileges(content.kind)),
  live('principal-collection-set', () => href(encodePath(['principals'], true))),
  live('principal-URL', ({ node, path }) => (node.kind === 'principal' ? href(path) : undefined)),
  live('alternate-URI-set', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
  live('group-membership', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
  live('group-member-set', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
];
