import type { NodeKind } from '../store/node.ts';

/** Kinds that have a change log which clients may ask for. */
export const syncableKinds: ReadonlySet<NodeKind> = new Set<NodeKind>([
  'calendar',
  'addressbook',
  'folder',
  'inbox',
  'calendar-home',
  'addressbook-home',
]);
