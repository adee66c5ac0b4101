import type { Store } from '../store/store.ts';
import type { Validators } from '../http/conditions.ts';
import type { Resource } from '../tree/resource.ts';
import { syncableKinds } from './syncable.ts';

/** The entity tag of a collection that knows when something in it changes; undefined for others. */
export const collectionTag = ({ log }: Store, { node, content }: Resource): string | undefined =>
  syncableKinds.has(content.kind)
    ? `"${log.storeName}-${content.id}-${Math.max(node.revision, content.revision)}"`
    : undefined;

/** What conditions of a request are compared with; of collections the same that their listing and GET tell. */
export const validatorsOf = (store: Store, resource: Resource): Validators => {
  const { node, content } = resource;
  return {
    etag: collectionTag(store, resource) ?? node.etag,
    modified: Math.max(node.modified, content.modified),
  };
};
