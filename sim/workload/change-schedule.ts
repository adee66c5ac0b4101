import { below, createSampler, streamKey, streams, uniform } from '../kernel/index.ts';
import { importances, type RunSpec } from '../spec.ts';
import { withDeeds } from './deeds.ts';
import { zoneOf, type FleetLayout } from './fleet-layout.ts';
import { instantsOf } from './instants.ts';
import { orderByTime } from './order-by-time.ts';
import { schedulingOf, type ScheduledChange } from './scheduling.ts';

/** Every change of a run, ascending by time. One column an attribute; row `i` of each belongs to change `i`. */
export interface ChangeSchedule {
  readonly count: number;
  /** Since the start of the run, warm-up included; whole microseconds. */
  readonly atMs: Float64Array;
  readonly collection: Int32Array;
  /** The device that writes; -1 when the change arises at the server. */
  readonly writer: Int32Array;
  /** Index into `importances`. */
  readonly importance: Uint8Array;
  /** Size of the object body. */
  readonly bytes: Uint32Array;
  /** Which of the collection's objects is written: from 0 to `objects` - 1, and on for those that are created; 0 in one that started empty and is only edited. */
  readonly object: Int32Array;
  /** Index into `deeds`. */
  readonly deed: Uint8Array;
}

/** The changes of the warm-up and the counted time. Both backends take them from here, so under one seed they see the same. */
export function changesOf(spec: RunSpec, layout: FleetLayout): ChangeSchedule {
  const endMs = spec.warmUpMs + spec.durationMs;
  const drawn = drawChanges(spec, layout, endMs);
  const order = orderByTime(drawn.atMs, endMs);
  const edits = describeChanges(
    spec,
    layout,
    Float64Array.from(order, (place) => drawn.atMs[place] ?? 0),
    Int32Array.from(order, (place) => drawn.owners[place] ?? 0),
    Uint8Array.from(order, (place) => (drawn.byServer.has(place) ? 1 : 0)),
  );
  return withDeeds(edits, spec, layout);
}

interface DrawnChanges {
  readonly atMs: number[];
  /** The collection of each. */
  readonly owners: number[];
  /** Places of those that arise at the server, whoever writes in their group otherwise. */
  readonly byServer: Set<number>;
}

function drawChanges(spec: RunSpec, layout: FleetLayout, endMs: number): DrawnChanges {
  const drawn: DrawnChanges = { atMs: [], owners: [], byServer: new Set() };
  const key = streamKey(spec.seed, streams.changeGap);
  const zoneMs = zoneOfCollection(layout);
  const add = (atMs: number, collection: number): void => {
    drawn.atMs.push(Math.round(atMs * 1000) / 1000);
    drawn.owners.push(collection);
  };
  for (let first = 0; first < layout.collections;) {
    const group = layout.groupOfCollection[first] ?? 0;
    const count = sizeOfGroup(layout, first);
    const process = spec.collectionGroups[group]?.changes;
    if (process?.kind === 'scheduling') {
      for (const change of schedulingOf(process, { first, count, zoneMs }, endMs, key)) {
        if (change.byServer) drawn.byServer.add(drawn.atMs.length);
        add(change.atMs, change.collection);
      }
    } else if (process !== undefined) {
      for (let place = 0; place < count; place += 1) {
        const collection = first + place;
        const instants = instantsOf(process, endMs, key, collection, place, zoneMs(collection));
        for (const atMs of instants) add(atMs, collection);
      }
    }
    first += count;
  }
  return drawn;
}

/** What the clock of the first who sees a collection is ahead by, ms. */
const zoneOfCollection =
  (layout: FleetLayout) =>
  (collection: number): number =>
    zoneOf(layout, layout.memberList[layout.firstMember[collection] ?? 0] ?? 0);

/** The changes that invitations bring, with what they are: those rows of the schedule, in no order. */
export function* invitationsOf(spec: RunSpec, layout: FleetLayout): Generator<ScheduledChange> {
  const endMs = spec.warmUpMs + spec.durationMs;
  const key = streamKey(spec.seed, streams.changeGap);
  for (let first = 0; first < layout.collections;) {
    const count = sizeOfGroup(layout, first);
    const process = spec.collectionGroups[layout.groupOfCollection[first] ?? 0]?.changes;
    if (process?.kind === 'scheduling') {
      yield* schedulingOf(process, { first, count, zoneMs: zoneOfCollection(layout) }, endMs, key);
    }
    first += count;
  }
}

/** How many collections of the same group follow each other from `first` on. */
function sizeOfGroup({ collections, groupOfCollection }: FleetLayout, first: number): number {
  let end = first;
  while (end < collections && groupOfCollection[end] === groupOfCollection[first]) end += 1;
  return end - first;
}

function describeChanges(
  spec: RunSpec,
  layout: FleetLayout,
  atMs: Float64Array,
  collection: Int32Array,
  byServer: Uint8Array,
): ChangeSchedule {
  const count = atMs.length;
  const writer = new Int32Array(count);
  const importance = new Uint8Array(count);
  const bytes = new Uint32Array(count);
  const object = new Int32Array(count);
  const rank = new Int32Array(layout.collections);
  const key = (stream: number) => streamKey(spec.seed, stream);
  const keys = {
    writer: key(streams.changeWriter),
    importance: key(streams.changeImportance),
    bytes: key(streams.changeBytes),
    object: key(streams.changeObject),
  };
  const groups = spec.collectionGroups.map((group, place) => ({
    byDevice: group.writer === 'device',
    thresholds: thresholdsOf(importances.map((name) => group.importance[name])),
    size: createSampler(group.objectBytes),
    objects: Math.max(1, group.objects),
    recorded: group.changes.kind === 'trace' ? group.changes.bytes : undefined,
    first: layout.groupOfCollection.indexOf(place),
  }));
  for (let change = 0; change < count; change += 1) {
    const owner = collection[change] ?? 0;
    const index = rank[owner] ?? 0;
    rank[owner] = index + 1;
    const group = groups[layout.groupOfCollection[owner] ?? 0];
    if (group === undefined) continue;
    writer[change] =
      group.byDevice && byServer[change] !== 1 ? writerOf(layout, owner, keys.writer, index) : -1;
    const draw = uniform(keys.importance, owner, index);
    importance[change] = group.thresholds.filter((threshold) => draw >= threshold).length;
    const recorded = group.recorded?.[owner - group.first]?.[index];
    bytes[change] = Math.max(1, Math.round(recorded ?? group.size(keys.bytes, owner, index)));
    object[change] = below(keys.object, owner, index, group.objects);
  }
  const deed = new Uint8Array(count);
  return { count, atMs, collection, writer, importance, bytes, object, deed };
}

/** Upper bounds of all classes but the last, as cumulated shares. */
function thresholdsOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.slice(0, -1).map((weight) => (sum += weight) / total);
}

/** A device of a member drawn at random; of the next member who has one, and -1 when none has. */
function writerOf(layout: FleetLayout, collection: number, key: number, index: number): number {
  const first = layout.firstMember[collection] ?? 0;
  const members = (layout.firstMember[collection + 1] ?? 0) - first;
  const drawn = below(key, collection, 2 * index, members);
  for (let step = 0; step < members; step += 1) {
    const user = layout.memberList[first + ((drawn + step) % members)] ?? 0;
    const device = layout.firstDevice[user] ?? 0;
    const devices = (layout.firstDevice[user + 1] ?? 0) - device;
    if (devices > 0) return device + below(key, collection, 2 * index + 1, devices);
  }
  return -1;
}
