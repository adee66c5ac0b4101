import type { RunSpec } from '../spec.ts';
import type { ChangeSchedule } from './change-columns.ts';
import { changesOfSome } from './change-schedule.ts';
import { collectionsOf, usersIn, type Division, type PartRange } from './division.ts';
import type { FleetLayout } from './fleet-layout.ts';
import { orderInParts } from './parts.ts';

/** Some parts of a fleet, laid out as a fleet of its own. */
export interface FleetBlock {
  readonly layout: FleetLayout;
  /** What the devices are numbered in the whole fleet, by which they draw, and how many it has. */
  readonly deviceIds: Int32Array;
  readonly fleetDevices: number;
  /** Part `p` has the users `firstUser[p]` to `firstUser[p + 1] - 1`. */
  readonly firstUser: Int32Array;
  /** The changes of each part stand together, ascending by time only within it; those of `p` begin with `firstChange[p]`. */
  readonly schedule: ChangeSchedule;
  readonly firstChange: Int32Array;
}

/** A block by itself: users, devices and collections are numbered anew, in the same order within each part. */
export function blockOf(spec: RunSpec, division: Division, range: PartRange): FleetBlock {
  const { layout: fleet, parts, places } = division;
  const users = usersIn(parts, range);
  const collections = collectionsOf(fleet, users);
  const from = parts.firstUser[range.from] ?? 0;
  const devices = rowsOf(users, fleet.firstDevice);
  const lists = rowsOf(users, fleet.firstCollection);
  const members = rowsOf(collections, fleet.firstMember);
  const layout: FleetLayout = {
    users: users.length,
    devices: devices.entries.length,
    collections: collections.length,
    groupOfDevice: groupsOf(devices.entries, fleet.groupOfDevice),
    userOfDevice: devices.entries.map((device) => places.ofUser[fleet.userOfDevice[device] ?? 0] ?? 0),
    firstDevice: devices.first,
    groupOfCollection: groupsOf(collections, fleet.groupOfCollection),
    firstCollection: lists.first,
    collectionList: lists.entries.map((entry) => places.ofCollection[fleet.collectionList[entry] ?? 0] ?? 0),
    firstMember: members.first,
    memberList: members.entries.map((entry) => places.ofUser[fleet.memberList[entry] ?? 0] ?? 0),
    zoneMsOfUser:
      fleet.zoneMsOfUser.length === 0
        ? fleet.zoneMsOfUser
        : users.map((user) => fleet.zoneMsOfUser[user] ?? 0),
  };
  return {
    layout,
    deviceIds: devices.entries,
    fleetDevices: fleet.devices,
    firstUser: parts.firstUser.slice(range.from, range.to + 1).map((user) => user - from),
    ...changesOfBlock(spec, division, range, collections),
  };
}

/** The changes of a block, by its own numbers. */
function changesOfBlock(
  spec: RunSpec,
  { layout, parts, places }: Division,
  { from, to }: PartRange,
  collections: Int32Array,
): Pick<FleetBlock, 'schedule' | 'firstChange'> {
  const partOf = (collection: number) => (parts.ofCollection[collection] ?? 0) - from;
  const drawn = changesOfSome(spec, layout, {
    collections,
    has: (collection) => partOf(collection) >= 0 && partOf(collection) < to - from,
    placeOf: (collection) => places.ofCollection[collection] ?? 0,
    order: (times, owners) => orderInParts(times, owners, to - from, partOf),
  });
  const firstChange = new Int32Array(to - from + 1);
  for (const collection of drawn.collection) {
    const next = partOf(collection) + 1;
    firstChange[next] = (firstChange[next] ?? 0) + 1;
  }
  for (let part = 0; part < to - from; part += 1)
    firstChange[part + 1] = (firstChange[part + 1] ?? 0) + (firstChange[part] ?? 0);
  const schedule: ChangeSchedule = {
    ...drawn,
    collection: drawn.collection.map((collection) => places.ofCollection[collection] ?? 0),
    writer: drawn.writer.map((writer) => (writer < 0 ? writer : (places.ofDevice[writer] ?? 0))),
  };
  return { schedule, firstChange };
}

function groupsOf(entries: Int32Array, groups: Uint8Array): Uint8Array {
  const own = new Uint8Array(entries.length);
  for (let place = 0; place < own.length; place += 1) own[place] = groups[entries[place] ?? 0] ?? 0;
  return own;
}

/** The rows `rows` of what is cut by `firsts`: where each begins when they stand one after the other, and their entries. */
function rowsOf(rows: Int32Array, firsts: Int32Array): { first: Int32Array; entries: Int32Array } {
  const first = new Int32Array(rows.length + 1);
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? 0;
    first[place + 1] = (first[place] ?? 0) + (firsts[row + 1] ?? 0) - (firsts[row] ?? 0);
  }
  const entries = new Int32Array(first[rows.length] ?? 0);
  let next = 0;
  for (const row of rows) {
    for (let entry = firsts[row] ?? 0; entry < (firsts[row + 1] ?? 0); entry += 1) {
      entries[next] = entry;
      next += 1;
    }
  }
  return { first, entries };
}
