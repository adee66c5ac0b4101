import { escapeText, escapeXml, ns } from '../../xml/index.ts';
import { isCollection, type NodeKind } from '../store/node.ts';
import type { Resource } from '../tree/resource.ts';
import { encodePath } from '../http/request-target.ts';
import { collectionTag } from './collection-tag.ts';
import { lockDiscovery } from './lock-discovery.ts';
import type { LiveProperty } from './property.ts';
import { storedProperty } from './stored.ts';
import { syncTokenAt } from './sync-token.ts';
import { syncableKinds } from './syncable.ts';
import { supportedReports } from './supported-reports.ts';

const resourceTypes: Readonly<Record<NodeKind, string>> = {
  root: '<D:collection/>',
  principals: '<D:collection/>',
  principal: '<D:collection/><D:principal/>',
  'calendar-homes': '<D:collection/>',
  'calendar-home': '<D:collection/>',
  'addressbook-homes': '<D:collection/>',
  'addressbook-home': '<D:collection/>',
  'file-homes': '<D:collection/>',
  folder: '<D:collection/>',
  calendar: '<D:collection/><C:calendar/>',
  addressbook: '<D:collection/><CR:addressbook/>',
  inbox: '<D:collection/><C:schedule-inbox/>',
  outbox: '<D:collection/><C:schedule-outbox/>',
  object: '',
};

const collectionTypes: Partial<Record<NodeKind, string>> = {
  root: 'httpd/unix-directory',
};

const isObject = ({ node }: Resource): boolean => node.kind === 'object';

export const principalPath = (user: string): string => encodePath(['principals', user], true);

const sharedMark = ({ node, content }: Resource): string => (node === content ? '' : '<CS:shared/>');

const live = (name: string, read: LiveProperty['read'], inAllprop = false): LiveProperty => ({
  ns: ns.dav,
  name,
  ...(inAllprop ? { inAllprop: true } : {}),
  read,
});

/** Properties of RFC 4918, RFC 6578, RFC 3253 and RFC 5995. */
export const davProperties: readonly LiveProperty[] = [
  live('resourcetype', (resource) => resourceTypes[resource.content.kind] + sharedMark(resource), true),
  storedProperty({
    ns: ns.dav,
    name: 'displayname',
    inAllprop: true,
    otherwise: (r) => (r.node.kind === 'principal' ? escapeXml(r.node.name) : undefined),
  }),
  live(
    'getetag',
    (resource, { context }) => {
      const tag = isObject(resource) ? resource.node.etag : collectionTag(context.store, resource);
      return tag === undefined ? undefined : escapeText(tag);
    },
    true,
  ),
  live(
    'getcontenttype',
    ({ node }) => (isCollection(node) ? collectionTypes.root : escapeXml(node.type)),
    true,
  ),
  live('getcontentlength', (resource) => (isObject(resource) ? String(resource.node.size) : undefined), true),
  live('getlastmodified', ({ node }) => new Date(node.modified).toUTCString(), true),
  live('creationdate', ({ node }) => new Date(node.created).toISOString(), true),
  storedProperty({ ns: ns.dav, name: 'getcontentlanguage', inAllprop: true }),
  live(
    'supportedlock',
    () =>
      '<D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>' +
      '<D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>',
    true,
  ),
  live('lockdiscovery', lockDiscovery, true),
  live('sync-token', ({ content }, { context }) =>
    syncableKinds.has(content.kind) ? syncTokenAt(context.store, content, content.revision) : undefined,
  ),
  live('supported-report-set', (resource) =>
    supportedReports(resource)
      .map((report) => `<D:supported-report><D:report>${report}</D:report></D:supported-report>`)
      .join(''),
  ),
  live('add-member', ({ content, path }) =>
    content.kind === 'calendar' || content.kind === 'addressbook' || content.kind === 'folder'
      ? `<D:href>${escapeXml(path)}?add-member</D:href>`
      : undefined,
  ),
  {
    ns: ns.calendarserver,
    name: 'getctag',
    read: ({ content }, { context }) =>
      syncableKinds.has(content.kind) ? syncTokenAt(context.store, content, content.revision) : undefined,
  },
];
