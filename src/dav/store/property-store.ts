import type { DatabaseSync } from 'node:sqlite';
import { prepare } from './statements.ts';

/** A stored property: its value is the inner XML, with every namespace declared. */
export interface StoredProperty {
  readonly ns: string;
  readonly name: string;
  /** The whole element. */
  readonly value: string;
}

/** Dead properties, and the live ones that clients may set. */
export function createPropertyStore(db: DatabaseSync) {
  const all = prepare<StoredProperty>(db, 'SELECT ns, name, value FROM property WHERE node = ?');
  const set = prepare(
    db,
    'INSERT INTO property (node, ns, name, value) VALUES (?, ?, ?, ?) ON CONFLICT (node, ns, name) DO UPDATE SET value = excluded.value',
  );
  const remove = prepare(db, 'DELETE FROM property WHERE node = ? AND ns = ? AND name = ?');
  const mark = prepare(
    db,
    'UPDATE node SET properties = EXISTS (SELECT 1 FROM property WHERE node = ?1) WHERE id = ?1',
  );
  return {
    all: (node: number) => all.all(node),
    set: (node: number, ns: string, name: string, value: string): void => {
      set.run(node, ns, name, value);
      mark.run(node);
    },
    remove: (node: number, ns: string, name: string): void => {
      remove.run(node, ns, name);
      mark.run(node);
    },
    copy: (from: number, to: number): void => {
      for (const { ns, name, value } of all.all(from)) set.run(to, ns, name, value);
      mark.run(to);
    },
  };
}

export type PropertyStore = ReturnType<typeof createPropertyStore>;
