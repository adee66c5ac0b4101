import { streamKey, streams, uniform } from '../kernel/index.ts';
import type { RunSpec, WriteMix } from '../spec.ts';
import type { ChangeSchedule } from './change-columns.ts';
import type { FleetLayout } from './fleet-layout.ts';

/** What a change does; a move is a creation in one collection and a removal in another, which is how clients move. */
export const deeds = { edit: 0, create: 1, remove: 2 } as const;

/** The objects of one collection as the changes before leave them. */
class Objects {
  readonly #present: number[];
  #next: number;

  constructor(count: number) {
    this.#present = Array.from({ length: count }, (_, object) => object);
    this.#next = count;
  }

  get none(): boolean {
    return this.#present.length === 0;
  }

  add(): number {
    this.#present.push(this.#next);
    this.#next += 1;
    return this.#next - 1;
  }

  pick(draw: number): number {
    return this.#present[Math.floor(draw * this.#present.length)] ?? 0;
  }

  take(draw: number): number {
    const place = Math.floor(draw * this.#present.length);
    const taken = this.pick(draw);
    const last = this.#present.pop() ?? taken;
    if (place < this.#present.length) this.#present[place] = last;
    return taken;
  }
}

interface Row {
  readonly source: number;
  readonly collection: number;
  readonly object: number;
  readonly deed: number;
}

/**
 * The schedule with what each change does, where collections say more than that objects are edited. A move adds a
 * row, at the same instant and by the same device.
 */
export function withDeeds(schedule: ChangeSchedule, spec: RunSpec, layout: FleetLayout): ChangeSchedule {
  if (spec.collectionGroups.every(({ writes }) => writes === undefined)) return schedule;
  const rows = decide(schedule, spec, layout);
  const column = (values: { readonly [index: number]: number }) =>
    rows.map(({ source }) => values[source] ?? 0);
  return {
    count: rows.length,
    atMs: Float64Array.from(column(schedule.atMs)),
    collection: Int32Array.from(rows, ({ collection }) => collection),
    writer: Int32Array.from(column(schedule.writer)),
    importance: Uint8Array.from(column(schedule.importance)),
    bytes: Uint32Array.from(column(schedule.bytes)),
    object: Int32Array.from(rows, ({ object }) => object),
    deed: Uint8Array.from(rows, ({ deed }) => deed),
  };
}

function decide(schedule: ChangeSchedule, spec: RunSpec, layout: FleetLayout): Row[] {
  const key = streamKey(spec.seed, streams.changeDeed);
  const held = new Map<number, Objects>();
  const ranks = new Uint32Array(layout.collections);
  const rows: Row[] = [];
  const groupOf = (collection: number) => spec.collectionGroups[layout.groupOfCollection[collection] ?? 0];
  const objectsOf = (collection: number): Objects => {
    const found = held.get(collection) ?? new Objects(groupOf(collection)?.objects ?? 0);
    held.set(collection, found);
    return found;
  };
  for (let source = 0; source < schedule.count; source += 1) {
    const collection = schedule.collection[source] ?? 0;
    const writes = groupOf(collection)?.writes;
    if (writes === undefined) {
      rows.push({ source, collection, object: schedule.object[source] ?? 0, deed: deeds.edit });
      continue;
    }
    const rank = ranks[collection] ?? 0;
    ranks[collection] = rank + 1;
    const draw = (nth: number): number => uniform(key, collection, 3 * rank + nth);
    const objects = objectsOf(collection);
    const drawn = objects.none ? 'create' : deedOf(writes, draw(0));
    const target =
      drawn === 'move' ? otherOf(layout, collection, schedule.writer[source] ?? -1, draw(1)) : undefined;
    if (target !== undefined) {
      rows.push({ source, collection: target, object: objectsOf(target).add(), deed: deeds.create });
    }
    if (target !== undefined || drawn === 'delete') {
      rows.push({ source, collection, object: objects.take(draw(2)), deed: deeds.remove });
    } else if (drawn === 'create') {
      rows.push({ source, collection, object: objects.add(), deed: deeds.create });
    } else {
      rows.push({ source, collection, object: objects.pick(draw(2)), deed: deeds.edit });
    }
  }
  return rows;
}

function deedOf({ edit, create, delete: remove, move }: WriteMix, draw: number): keyof WriteMix {
  const at = draw * (edit + create + remove + move);
  if (at < edit) return 'edit';
  if (at < edit + create) return 'create';
  return at < edit + create + remove ? 'delete' : 'move';
}

/** Another collection of the same group that the writer's user sees; undefined when there is none. */
function otherOf(layout: FleetLayout, collection: number, writer: number, draw: number): number | undefined {
  const user = layout.userOfDevice[writer];
  if (user === undefined) return undefined;
  const others = [
    ...layout.collectionList.subarray(
      layout.firstCollection[user] ?? 0,
      layout.firstCollection[user + 1] ?? 0,
    ),
  ].filter(
    (other) =>
      other !== collection && layout.groupOfCollection[other] === layout.groupOfCollection[collection],
  );
  return others[Math.floor(draw * others.length)];
}
