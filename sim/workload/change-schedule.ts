import { below, createSampler, streamKey, streams, uniform } from '../kernel/index.ts';
import { importances, type RunSpec } from '../spec.ts';
import type { ChangeSchedule } from './change-columns.ts';
import { withDeeds } from './deeds.ts';
import { zoneOf, type FleetLayout } from './fleet-layout.ts';
import { instantsOf } from './instants.ts';
import { orderByTime } from './order-by-time.ts';
import { orderInParts, type Parts } from './parts.ts';
import { release } from './release.ts';
import { schedulingOf, type ScheduledChange } from './scheduling.ts';

/**
 * The changes of the warm-up and the counted time. Both backends take them from here, so under one seed they see the same.
 * With `parts`, the changes of each part of the fleet stand together, ascending by time only within it.
 */
export function changesOf(spec: RunSpec, layout: FleetLayout, parts?: Parts): ChangeSchedule {
  const endMs = spec.warmUpMs + spec.durationMs;
  const drawn = drawChanges(spec, layout, endMs);
  const { atMs: times, owners, byServer: fromServer } = drawn;
  const order = parts === undefined ? orderByTime(times, endMs) : orderInParts(times, owners, parts);
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
  const edits = describeChanges(spec, layout, atMs, collection, byServer);
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
    this.times[this.count] = Math.round(atMs * 1000) / 1000;
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

function drawChanges(spec: RunSpec, layout: FleetLayout, endMs: number): DrawnChanges {
  const drawn = new DrawnChanges();
  const key = streamKey(spec.seed, streams.changeGap);
  const zoneMs = zoneOfCollection(layout);
  for (let first = 0; first < layout.collections;) {
    const group = layout.groupOfCollection[first] ?? 0;
    const count = sizeOfGroup(layout, first);
    const process = spec.collectionGroups[group]?.changes;
    if (process?.kind === 'scheduling') {
      for (const change of schedulingOf(process, { first, count, zoneMs }, endMs, key)) {
        if (change.byServer) drawn.byServer.add(drawn.count);
        drawn.add(change.atMs, change.collection);
      }
    } else if (process !== undefined) {
      for (let place = 0; place < count; place += 1) {
        const collection = first + place;
        const instants = instantsOf(process, endMs, key, collection, place, zoneMs(collection));
        for (const atMs of instants) drawn.add(atMs, collection);
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
    let passed = 0;
    for (const threshold of group.thresholds) if (draw >= threshold) passed += 1;
    importance[change] = passed;
    const recorded = group.recorded?.[owner - group.first]?.[index];
    bytes[change] = Math.max(1, Math.round(recorded ?? group.size(keys.bytes, owner, index)));
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
