import type { Node } from '../store/node.ts';
import { isCollection } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import { encodePath, encodeSegment } from '../http/request-target.ts';
import { Refusal } from '../http/refusal.ts';
import type { Privilege } from '../acl/privileges.ts';
import { rightsOf } from './access.ts';
import { allows, type Access, type Resource } from './resource.ts';

/** What a path leads to. */
export interface Located {
  readonly resource: Resource | undefined;
  /** The collection that has or would have it; undefined when there is none. */
  readonly parent: Resource | undefined;
  /** Its last segment. */
  readonly name: string;
  readonly segments: readonly string[];
}

export const rootId = 1;

/** Follows a path down the tree as `user`. */
export function locate(store: Store, user: string, segments: readonly string[]): Located {
  const root = store.nodes.byId(rootId);
  if (root === undefined) throw new Error('the store has no root');
  let resource: Resource | undefined = rootResource(root);
  let parent: Resource | undefined;
  for (const name of segments) {
    parent = resource;
    if (resource === undefined) break;
    const node: Node | undefined = isCollection(resource.content)
      ? store.nodes.child(resource.content.id, name)
      : undefined;
    resource = node === undefined ? undefined : memberResource(store, user, resource, node);
  }
  return { resource, parent, name: segments.at(-1) ?? '', segments };
}

const rootResource = (node: Node): Resource => ({
  node,
  content: node,
  segments: [],
  path: '/',
  access: 'read',
  granted: undefined,
  parent: undefined,
});

/** A member of a collection as `user` meets it. */
export function memberResource(store: Store, user: string, parent: Resource, node: Node): Resource {
  const content = node.target === null ? node : (store.nodes.byId(node.target) ?? node);
  const { access, granted } = rightsOf(store, user, node, parent);
  return {
    node,
    content,
    segments: [...parent.segments, node.name],
    path: `${parent.path}${encodeSegment(node.name)}${isCollection(node) ? '/' : ''}`,
    access,
    granted,
    parent,
  };
}

/** The resource at a path, which must exist and allow `wanted`. @throws Refusal 404, 403 */
export function required(located: Located, wanted: Access): Resource {
  const { resource, parent } = located;
  if (resource === undefined) {
    if (parent !== undefined && parent.access === 'none')
      throw forbidden(parent.path, wanted === 'read' ? 'read' : 'write');
    throw new Refusal(404, `there is nothing at ${encodePath(located.segments, false)}`);
  }
  requireAccess(resource, wanted);
  return resource;
}

/** @throws Refusal 403 with need-privileges (RFC 3744 section 7.1.1) */
export function requireAccess(resource: Resource, wanted: Access): void {
  if (!allows(resource.access, wanted)) throw forbidden(resource.path, wanted === 'read' ? 'read' : 'write');
}

/** Whether `user` may do something that need not be all that writing is. @throws Refusal 403 with need-privileges */
export function requirePrivilege({ access, granted, path }: Resource, wanted: Privilege): void {
  if (!allows(access, 'write') && granted?.has(wanted) !== true) throw forbidden(path, wanted);
}

/** @param privilege as an element of `DAV:` is named */
export const forbidden = (path: string, privilege: string): Refusal =>
  new Refusal(403, `not allowed at ${path}`, {
    ns: 'DAV:',
    name: 'need-privileges',
    inner: `<D:resource><D:href>${path.replaceAll('&', '&amp;')}</D:href><D:privilege><D:${privilege}/></D:privilege></D:resource>`,
  });
