import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { NodeKind, ObjectFacts } from './node.ts';
import { prepareNodes } from './node-rows.ts';
import { prepare } from './statements.ts';

/** Objects that last longer than this, or recur, are looked up by their end as well as by their start. */
export const shortSpanMs = 32 * 24 * 3600 * 1000;

export interface NewNode {
  readonly parent: number;
  readonly name: string;
  readonly kind: NodeKind;
  readonly owner: string;
  readonly revision: number;
  readonly at: number;
  readonly target?: number;
  readonly access?: 'read' | 'read-write';
}

/** The strong entity tag of some bytes: the same bytes have the same tag, on every server. */
export const etagOf = (data: Uint8Array): string =>
  `"${createHash('sha256').update(data).digest('base64url').slice(0, 22)}"`;

/** Reads and writes the tree; knows nothing of paths, users or HTTP. */
export function createNodeStore(db: DatabaseSync) {
  const byId = prepareNodes(db, 'SELECT $node FROM node WHERE id = ?');
  const byName = prepareNodes(db, 'SELECT $node FROM node WHERE parent = ? AND name = ?');
  const byUid = prepareNodes(db, 'SELECT $node FROM node WHERE parent = ? AND uid = ?');
  const members = prepareNodes(db, 'SELECT $node FROM node WHERE parent = ? ORDER BY id');
  const page = prepareNodes(db, 'SELECT $node FROM node WHERE parent = ? AND name > ? ORDER BY name LIMIT ?');
  const beyond = prepare<{ found: number }>(
    db,
    'SELECT 1 AS found FROM node WHERE parent = ? LIMIT 1 OFFSET ?',
  );
  const newest = prepare<{ id: number | null }>(db, 'SELECT max(id) AS id FROM node');
  const shares = prepareNodes(db, 'SELECT $node FROM node WHERE target = ?');
  const inRange = prepareNodes(
    db,
    `SELECT $node FROM node WHERE parent = ?1 AND starts IS NOT NULL AND long = 0 AND starts >= ?2 - ${shortSpanMs} AND starts <= ?3
     UNION ALL
     SELECT $node FROM node WHERE parent = ?1 AND starts IS NOT NULL AND long = 1 AND starts <= ?3 AND ends >= ?2
     UNION ALL
     SELECT $node FROM node WHERE parent = ?1 AND starts IS NULL AND component IS NOT NULL`,
  );
  const insert = prepare(
    db,
    'INSERT INTO node (parent, name, kind, owner, revision, created, modified, target, access) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const describe = prepare(
    db,
    `UPDATE node SET revision = ?, modified = ?, etag = ?, size = ?, type = ?, uid = ?, component = ?, starts = ?, ends = ?, long = ?, exact = ?, scheduleTag = ? WHERE id = ?`,
  );
  const setBody = prepare(
    db,
    'INSERT INTO body (node, data) VALUES (?, ?) ON CONFLICT (node) DO UPDATE SET data = excluded.data',
  );
  const body = prepare<{ data: Uint8Array }>(db, 'SELECT data FROM body WHERE node = ?');
  const text = prepare<{ text: string }>(db, 'SELECT CAST(data AS TEXT) AS text FROM body WHERE node = ?');
  const touch = prepare(db, 'UPDATE node SET revision = ? WHERE id = ?');
  const change = prepare(db, 'UPDATE node SET revision = ?, modified = ? WHERE id = ?');
  const rename = prepare(db, 'UPDATE node SET parent = ?, name = ?, owner = ?, revision = ? WHERE id = ?');
  const setOwner = prepare(db, 'UPDATE node SET owner = ? WHERE id = ?');
  const setAccess = prepare(db, 'UPDATE node SET access = ?, revision = ? WHERE id = ?');
  const removeNode = prepare(db, 'DELETE FROM node WHERE id = ?');
  const removeBody = prepare(db, 'DELETE FROM body WHERE node = ?');
  const removeProperties = prepare(db, 'DELETE FROM property WHERE node = ?');
  const removeTombstones = prepare(db, 'DELETE FROM tombstone WHERE parent = ?');

  return {
    byId: (id: number) => byId.get(id),
    child: (parent: number, name: string) => byName.get(parent, name),
    byUid: (parent: number, uid: string) => byUid.get(parent, uid),
    members: (parent: number) => members.all(parent),
    /** At most `limit` members, by name, those after a name. */
    page: (parent: number, after: string, limit: number) => page.all(parent, after, limit),
    /** Whether there are more members than this. */
    hasMore: (parent: number, than: number) => beyond.get(parent, than) !== undefined,
    /** The id of the node that was made last; those made later have greater ones. */
    newest: () => newest.get()?.id ?? 0,
    sharesOf: (target: number) => shares.all(target),
    /** Objects that may have an instance in the range, and those without a time. */
    membersInRange: (parent: number, fromMs: number, toMs: number) => inRange.all(parent, fromMs, toMs),
    body: (id: number): Uint8Array => body.get(id)?.data ?? new Uint8Array(),
    /** The bytes of an object that was checked to be text. */
    text: (id: number): string => text.get(id)?.text ?? '',
    create: ({ parent, name, kind, owner, revision, at, target, access }: NewNode): number =>
      insert.run(parent, name, kind, owner, revision, at, at, target ?? null, access ?? null),
    /** Replaces bytes and facts of an object. */
    write: (id: number, data: Uint8Array, facts: ObjectFacts, revision: number, at: number): string => {
      const etag = etagOf(data);
      const { starts, ends } = facts;
      const long = starts === null || ends === null ? null : Number(ends - starts > shortSpanMs);
      const { type, uid, component, exact, scheduleTag } = facts;
      describe.run(
        revision,
        at,
        etag,
        data.byteLength,
        type,
        uid,
        component,
        starts,
        ends,
        long,
        Number(exact),
        scheduleTag,
        id,
      );
      setBody.run(id, data);
      return etag;
    },
    touch: (id: number, revision: number) => touch.run(revision, id),
    /** Notes that something in a collection changed, or the collection itself. */
    change: (id: number, revision: number, at: number) => change.run(revision, at, id),
    move: (id: number, parent: number, name: string, owner: string, revision: number) =>
      rename.run(parent, name, owner, revision, id),
    setOwner: (id: number, owner: string) => setOwner.run(owner, id),
    setAccess: (id: number, access: 'read' | 'read-write', revision: number) =>
      setAccess.run(access, revision, id),
    /** Forgets a node and what hangs on it, not its members. */
    remove: (id: number): void => {
      removeNode.run(id);
      removeBody.run(id);
      removeProperties.run(id);
      removeTombstones.run(id);
    },
  };
}

export type NodeStore = ReturnType<typeof createNodeStore>;
