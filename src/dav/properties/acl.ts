import { escapeXml, ns } from '../../xml/index.ts';
import { grantsOf, type Grant } from '../acl/grants.ts';
import { privilegeElements } from '../acl/privileges.ts';
import { encodePath } from '../http/request-target.ts';
import type { NodeKind } from '../store/node.ts';
import { allows, type Resource } from '../tree/resource.ts';
import { principalPath } from './dav.ts';
import type { LiveProperty, View } from './property.ts';

const href = (path: string): string => `<D:href>${escapeXml(path)}</D:href>`;

const readPrivileges = ['<D:read/>', '<D:read-current-user-privilege-set/>', '<D:read-acl/>'];
const writePrivileges = ['<D:write-content/>', '<D:bind/>', '<D:unbind/>'];
const ownerPrivileges = ['<D:all/>', '<D:write/>', '<D:write-properties/>', '<D:unlock/>', '<D:write-acl/>'];

/** The privileges (RFC 3744 section 3) that somebody has, contained ones included. */
function privilegesOf({ access, granted, content: { kind } }: Resource): string[] {
  if (granted !== undefined) return privilegeElements(granted);
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
      supported('<D:unlock/>', 'Remove locks') +
      supported('<D:write-acl/>', 'Write the access control list'),
  );

const ace = (principal: string, spoken: string, more = '<D:protected/>'): string =>
  `<D:ace><D:principal>${principal}</D:principal>${spoken}${more}</D:ace>`;

const grant = (privileges: readonly string[]): string => `<D:grant>${wrap(privileges)}</D:grant>`;

const principalOf = ({ to }: Grant): string =>
  typeof to === 'string' ? `<D:${to}/>` : href(principalPath(to.user));

/** What the owner set, told of a member as coming from its collection. */
function granted(resource: Resource, { context: { store } }: View): string {
  const { node, parent } = resource;
  const holder = node.kind === 'object' ? parent : resource;
  if (holder === undefined) return '';
  const inherited = holder === resource ? '' : `<D:inherited>${href(holder.path)}</D:inherited>`;
  return grantsOf(store, holder.content)
    .map((own) => ace(principalOf(own), `<D:${own.kind}>${wrap(own.named)}</D:${own.kind}>`, inherited))
    .join('');
}

/** Owners see with whom they share; others see what is theirs, where they may see the list at all. */
function aclOf(resource: Resource, view: View): string | undefined {
  const { node, content } = resource;
  if (resource.granted?.has('read-acl') === false) return undefined;
  const owner = node.owner === '' ? '' : ace(href(principalPath(content.owner)), grant(['<D:all/>']));
  if (content.owner !== view.user && resource.granted === undefined)
    return owner + ace(href(principalPath(view.user)), grant(privilegesOf(resource)));
  const shares = (node.kind === 'object' ? [] : view.context.store.nodes.sharesOf(content.id)).map((share) =>
    ace(
      href(principalPath(share.owner)),
      grant(share.access === 'read-write' ? ['<D:read/>', '<D:write/>'] : ['<D:read/>']),
    ),
  );
  return owner + shares.join('') + granted(resource, view);
}

const live = (name: string, read: LiveProperty['read']): LiveProperty => ({ ns: ns.dav, name, read });

/** Properties of RFC 3744 and RFC 5397 that clients look at. */
export const aclProperties: readonly LiveProperty[] = [
  live('current-user-principal', (_, { user }) => href(principalPath(user))),
  live('current-user-privilege-set', (resource) => wrap(privilegesOf(resource))),
  live('owner', ({ content }) => (content.owner === '' ? undefined : href(principalPath(content.owner)))),
  live('group', () => ''),
  live('acl', aclOf),
  live('acl-restrictions', () => '<D:no-invert/>'),
  live('inherited-acl-set', ({ node, parent }) =>
    node.kind === 'object' && parent !== undefined ? href(parent.path) : '',
  ),
  live('supported-privilege-set', ({ content }) => supportedPrivileges(content.kind)),
  live('principal-collection-set', () => href(encodePath(['principals'], true))),
  live('principal-URL', ({ node, path }) => (node.kind === 'principal' ? href(path) : undefined)),
  live('alternate-URI-set', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
  live('group-membership', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
  live('group-member-set', ({ node }) => (node.kind === 'principal' ? '' : undefined)),
];
