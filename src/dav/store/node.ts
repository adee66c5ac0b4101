/** What a node is; decides its resource type, its properties and the methods that it takes. */
export type NodeKind =
  | 'root'
  | 'principals'
  | 'principal'
  | 'calendar-homes'
  | 'calendar-home'
  | 'addressbook-homes'
  | 'addressbook-home'
  | 'file-homes'
  | 'folder'
  | 'calendar'
  | 'addressbook'
  | 'inbox'
  | 'outbox'
  | 'object';

/** A row of the tree. Times are epoch milliseconds. */
export interface Node {
  readonly id: number;
  /** 0 for the root. */
  readonly parent: number;
  readonly name: string;
  readonly kind: NodeKind;
  /** The user whose tree it is in; empty above the users. */
  readonly owner: string;
  /** Of the last change in or below it. */
  readonly revision: number;
  /** Sync tokens below this revision are no longer valid. */
  readonly floor: number;
  readonly created: number;
  readonly modified: number;
  /** With its quotes; empty for collections. */
  readonly etag: string;
  readonly size: number;
  readonly type: string;
  readonly uid: string | null;
  readonly component: string | null;
  /** Bounds of all instances of a calendar object; null when it has no time. */
  readonly starts: number | null;
  readonly ends: number | null;
  /** 1 when the object is one event and the bounds are its very start and end. */
  readonly exact: number;
  readonly scheduleTag: string | null;
  /** A share: the collection whose content it shows. */
  readonly target: number | null;
  /** A share: what its user may do. */
  readonly access: 'read' | 'read-write' | null;
  /** Whether it has stored properties: 0 or 1. */
  readonly properties: number;
}

/** What a written object is, beside its bytes. */
export interface ObjectFacts {
  readonly type: string;
  readonly uid: string | null;
  readonly component: string | null;
  readonly starts: number | null;
  readonly ends: number | null;
  readonly exact: boolean;
  readonly scheduleTag: string | null;
}

export const isCollection = (node: Node): boolean => node.kind !== 'object';
