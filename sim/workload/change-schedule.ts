import { below, createSampler, nearest, streamKey, streams, uniform } from '../kernel/index.ts';
import { importances, type RunSpec } from '../spec.ts';
import type { ChangeSchedule } from './change-columns.ts';
import { withDeeds } from './deeds.ts';
import { zoneOf, type FleetLayout } from './fleet-layout.ts';
import { instantsOf } from './instants.ts';
import { orderByTime } from './order-by-time.ts';
import { release } from './release.ts';
import { schedulingOf, type ScheduledChange } from './scheduling.ts';

/** Which changes are wanted, and how they are ordered. */
export interface Selection {
  /** Those of these collections, ascending. */
  readonly collections: Int32Array;
  readonly has: (collection: number) => boolean;
  /** The place of one of them in the list. */
  readonly placeOf: (collection: number) => number;
  /** The order of changes at `times` of the collections `owners`; ascending by time for each collection. */
  order(times: Float64Array, owners: Int32Array): Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

/** The changes of the warm-up and the counted time. Both backends take them from here, so under one seed they see the same. */
export function changesOf(spec: RunSpec, layout: FleetLayout): ChangeSchedule {
  const collections = Int32Array.from({ length: layout.collections }, (_, collection) => collection);
  const schedule = changesOfSome(spec, layout, {
    collections,
    has: () => true,
    placeOf: (collection) => collection,
    order: (times) => orderByTime(times, spec.warmUpMs + spec.durationMs),
  });
  release(collections);
  return schedule;
}

/** Those of some collections, as they are among all changes. */
export function changesOfSome(spec: RunSpec, layout: FleetLayout, selection: Selection): ChangeSchedule {
  const drawn = drawChanges(spec, layout, selection);
  const { atMs: times, owners, byServer: fromServer } = drawn;
  const order = selection.order(times, owners);
  const atMs = new Float64Array(order.length);
  const collection = new Int32Array(order.length);
  const byServer = new Uint8Array(order.length);
  for (let change = 0; change < order.length; change += 1) {
    const place = order[change] ?? 0;
    atMs[change] = times[place] ?? 0;
    collection[change] = owners[place] ?? 0;
    byServer[change] = fromServer.size > 0 && fromServer.has(place) ? 1 : 0;
  }
  release(order);
  drawn.release();
  const edits = describeChanges(spec, layout, selection, { atMs, collection, byServer });
  release(byServer);
  return withDeeds(edits, spec, layout);
}

class DrawnChanges {
  /** Places of those that arise at the server, whoever writes in their group otherwise. */
  readonly byServer = new Set<number>();
  count = 0;
  private times = new Float64Array(1024);
  private collections = new Int32Array(1024);

  add(atMs: number, collection: number): void {
    if (this.count === this.times.length) this.grow();
    this.times[this.count] = nearest(atMs * 1000) / 1000;
    this.collections[this.count] = collection;
    this.count += 1;
  }

  get atMs(): Float64Array {
    return this.times.subarray(0, this.count);
  }

  /** The collection of each. */
  get owners(): Int32Array {
    return this.collections.subarray(0, this.count);
  }

  /** Forgets them. */
  release(): void {
    release(this.times, this.collections);
  }

  private grow(): void {
    const { collections, times } = this;
    const length = Math.ceil(times.length * 1.5);
    this.times = new Float64Array(length);
    this.collections = new Int32Array(length);
    this.times.set(times);
    this.collections.set(collections);
    release(times, collections);
  }
}

function drawChanges(spec: RunSpec, layout: FleetLayout, selection: Selection): DrawnChanges {
  const { collections } = selection;
  const endMs = spec.warmUpMs + spec.durationMs;
  let next = 0;
  const drawn = new DrawnChanges();
  const key = streamKey(spec.seed, streams.changeGap);
  const zoneMs = zoneOfCollection(layout);
  for (let first = 0; first < layout.collections;) {
    const group = layout.groupOfCollection[first] ?? 0;
    const count = sizeOfGroup(layout, first);
    const process = spec.collectionGroups[group]?.changes;
    if (process?.kind === 'scheduling') {
      for (const change of schedulingOf(process, { first, count, zoneMs }, endMs, key)) {
        if (!selection.has(change.collection)) continue;
        if (change.byServer) drawn.byServer.add(drawn.count);
        drawn.add(change.atMs, change.collection);
      }
    }
    for (; (collections[next] ?? Infinity) < first + count; next += 1) {
      const collection = collections[next] ?? 0;
      if (process === undefined) continue;
      const instants = instantsOf(process, endMs, key, collection, collection - first, zoneMs(collection));
      for (const atMs of instants) drawn.add(atMs, collection);
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

/** How many collections of the same group follow each other from `first` on; groups stand in their order. */
function sizeOfGroup({ collections, groupOfCollection }: FleetLayout, first: number): number {
  const group = groupOfCollection[first] ?? 0;
  let inside = first;
  let outside = collections;
  while (outside - inside > 1) {
    const middle = (inside + outside) >>> 1;
    if ((groupOfCollection[middle] ?? 0) > group) outside = middle;
    else inside = middle;
  }
  return outside - first;
}

interface Ordered {
  readonly atMs: Float64Array;
  readonly collection: Int32Array;
  readonly byServer: Uint8Array;
}

function describeChanges(
  spec: RunSpec,
  layout: FleetLayout,
  { collections, placeOf }: Selection,
  { atMs, collection, byServer }: Ordered,
): ChangeSchedule {
  const count = atMs.length;
  const writer = new Int32Array(count);
  const importance = new Uint8Array(count);
  const bytes = new Uint32Array(count);
  const object = new Int32Array(count);
  const rank = new Int32Array(collections.length);
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
    const place = placeOf(owner);
    const index = rank[place] ?? 0;
    rank[place] = index + 1;
    const group = groups[layout.groupOfCollection[owner] ?? 0];
    if (group === undefined) continue;
    writer[change] =
      group.byDevice && byServer[change] !== 1 ? writerOf(layout, owner, keys.writer, index) : -1;
    const draw = uniform(keys.importance, owner, index);
    importance[change] = placeAmong(group.thresholds, draw);
    const recorded = group.recorded?.[owner - group.first]?.[index];
    bytes[change] = Math.max(1, nearest(recorded ?? group.size(keys.bytes, owner, index)));
    object[change] = below(keys.object, owner, index, group.objects);
  }
  release(rank);
  const deed = new Uint8Array(count);
  return { count, atMs, collection, writer, importance, bytes, object, deed };
}

/** Upper bounds of all classes but the last, as cumulated shares. */
function thresholdsOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.slice(0, -1).map((weight) => (sum += weight) / total);
}

/** How many of ascending thresholds a draw has reached. */
function placeAmong(thresholds: readonly number[], draw: number): number {
  let passed = 0;
  while (passed < thresholds.length && draw >= (thresholds[passed] ?? 0)) passed += 1;
  return passed;
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
