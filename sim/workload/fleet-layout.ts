import { below, streamKey, streams, uniform } from '../kernel/index.ts';
import type { RunSpec } from '../spec.ts';
import { release } from './release.ts';

/**
 * Who is who in a run: users own devices and see collections; every device of a user subscribes to all of that
 * user's collections. Rows of lists are cut out of one array by a `first…` column with one entry more than rows.
 */
export interface FleetLayout {
  readonly users: number;
  readonly devices: number;
  readonly collections: number;
  /** Index into `spec.deviceGroups`, by device. */
  readonly groupOfDevice: Uint8Array;
  /** Made when it is first asked for. */
  readonly userOfDevice: Int32Array;
  /** User `u` owns the devices `firstDevice[u]` to `firstDevice[u + 1] - 1`. */
  readonly firstDevice: Int32Array;
  /** Index into `spec.collectionGroups`, by collection. */
  readonly groupOfCollection: Uint8Array;
  /** The collections of user `u` stand in `collectionList` from `firstCollection[u]` to `firstCollection[u + 1] - 1`. */
  readonly firstCollection: Int32Array;
  readonly collectionList: Int32Array;
  /** The users who see collection `c` stand in `memberList` from `firstMember[c]` to `firstMember[c + 1] - 1`. */
  readonly firstMember: Int32Array;
  readonly memberList: Int32Array;
  /** What the clock of a user is ahead of that of the run by, ms; empty when it is nothing for all. Read by `zoneOf`. */
  readonly zoneMsOfUser: Int32Array;
}

/** What the clock of a user is ahead of that of the run by, ms. */
export const zoneOf = ({ zoneMsOfUser }: Pick<FleetLayout, 'zoneMsOfUser'>, user: number): number =>
  zoneMsOfUser[user] ?? 0;

/** Whole things that user `u` has when each has `perUser` on average. */
const share = (user: number, perUser: number): number =>
  Math.floor((user + 1) * perUser) - Math.floor(user * perUser);

/** Lays out users, devices, collections and who sees what. Depends on the sizes in `spec` and one seed only. */
export function layoutFleet(spec: RunSpec): FleetLayout {
  const memberships = spec.collectionGroups.map((group, index) => membershipsOf(spec, index, group));
  const devices = layoutDevices(spec);
  let userOfDevice: Int32Array | undefined;
  return {
    ...devices,
    ...joinMemberships(spec.users, memberships),
    zoneMsOfUser: drawZones(spec),
    get userOfDevice() {
      userOfDevice ??= usersOf(devices);
      return userOfDevice;
    },
  };
}

function usersOf({
  users,
  devices,
  firstDevice,
}: Pick<FleetLayout, 'users' | 'devices' | 'firstDevice'>): Int32Array {
  const userOfDevice = new Int32Array(devices);
  for (let user = 0; user < users; user += 1)
    userOfDevice.fill(user, firstDevice[user], firstDevice[user + 1]);
  return userOfDevice;
}

/** Each user lives by a zone drawn with the zones' weights. */
function drawZones({ users, seed, layoutSeed = seed, timeZones = [] }: RunSpec): Int32Array {
  const key = streamKey(layoutSeed, streams.timeZone);
  const total = timeZones.reduce((sum, { weight }) => sum + weight, 0);
  return Int32Array.from({ length: timeZones.length === 0 ? 0 : users }, (_, user) => {
    let left = uniform(key, user, 0) * total;
    const zone = timeZones.find(({ weight }) => (left -= weight) < 0) ?? timeZones.at(-1);
    return (zone?.offsetHours ?? 0) * 3_600_000;
  });
}

function layoutDevices(spec: RunSpec) {
  const { users, deviceGroups } = spec;
  const devices = deviceGroups.reduce((sum, group) => sum + Math.floor(users * group.perUser), 0);
  const groupOfDevice = new Uint8Array(devices);
  const firstDevice = new Int32Array(users + 1);
  let device = 0;
  for (let user = 0; user < users; user += 1) {
    for (const [index, group] of deviceGroups.entries()) {
      for (let left = share(user, group.perUser); left > 0; left -= 1) {
        // Of pages that are only read, the system keeps none.
        if (index > 0) groupOfDevice[device] = index;
        device += 1;
      }
    }
    firstDevice[user + 1] = device;
  }
  return { users, devices, groupOfDevice, firstDevice };
}

/** Users in the order in which they fill the collections of one group, `size` to a collection. */
interface Memberships {
  readonly group: number;
  readonly size: number;
  readonly order: Int32Array<ArrayBuffer>;
}

function membershipsOf(
  spec: RunSpec,
  group: number,
  { members, perUser }: { readonly members: number; readonly perUser: number },
): Memberships {
  const order = new Int32Array(Math.floor(spec.users * perUser));
  const size = Math.min(members, spec.users);
  const rounds = Math.ceil(perUser);
  let filled = 0;
  for (let round = 0; round < rounds; round += 1) {
    const users = size === 1 ? undefined : shuffled(spec, group * 1024 + round);
    for (let place = 0; place < spec.users; place += 1) {
      const user = users === undefined ? place : (users[place] ?? 0);
      // A fraction left for the last round is taken by the users whose whole share reaches it.
      if (share(user, perUser) > round && filled < order.length) {
        order[filled] = user;
        filled += 1;
      }
    }
    if (users !== undefined) release(users);
  }
  return { group, size, order };
}

/** Fisher-Yates on the users. */
function shuffled(
  { users: count, seed, layoutSeed = seed }: RunSpec,
  entity: number,
): Int32Array<ArrayBuffer> {
  const key = streamKey(layoutSeed, streams.sharing);
  const users = Int32Array.from({ length: count }, (_, index) => index);
  for (let place = users.length - 1; place > 0; place -= 1) {
    const other = below(key, entity, place, place + 1);
    const moved = users[place] ?? 0;
    users[place] = users[other] ?? 0;
    users[other] = moved;
  }
  return users;
}

function joinMemberships(users: number, memberships: readonly Memberships[]) {
  const counts = memberships.map(({ order, size }) => Math.ceil(order.length / size));
  const collections = counts.reduce((sum, count) => sum + count, 0);
  const entries = memberships.reduce((sum, { order }) => sum + order.length, 0);
  const groupOfCollection = new Uint8Array(collections);
  const firstMember = new Int32Array(collections + 1);
  const memberList = new Int32Array(entries);
  const firstCollection = new Int32Array(users + 1);
  let collection = -1;
  let entry = 0;
  for (const { group, size, order } of memberships) {
    for (let place = 0; place < order.length; place += 1) {
      const user = order[place] ?? 0;
      if (place % size === 0) {
        collection += 1;
        if (group > 0) groupOfCollection[collection] = group;
      }
      memberList[entry] = user;
      entry += 1;
      firstMember[collection + 1] = entry;
      firstCollection[user + 1] = (firstCollection[user + 1] ?? 0) + 1;
    }
    release(order);
  }
  for (let user = 0; user < users; user += 1) {
    firstCollection[user + 1] = (firstCollection[user + 1] ?? 0) + (firstCollection[user] ?? 0);
  }
  const collectionList = listCollections(collections, { firstMember, memberList, firstCollection });
  return {
    collections,
    groupOfCollection,
    firstMember,
    firstCollection: asPartOf(firstCollection, firstMember),
    collectionList: asPartOf(collectionList, firstMember),
    memberList: asPartOf(memberList, firstMember),
  };
}

/** The same numbers as part of an array that begins with them, if it does: where all users have one collection, of their own, all lists count up. */
function asPartOf(list: Int32Array<ArrayBuffer>, whole: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  if (list.length > whole.length || list.some((number, place) => number !== whole[place])) return list;
  const part = whole.subarray(0, list.length);
  release(list);
  return part;
}

function listCollections(
  collections: number,
  rows: Pick<FleetLayout, 'firstMember' | 'memberList'> & {
    readonly firstCollection: Int32Array<ArrayBuffer>;
  },
): Int32Array<ArrayBuffer> {
  const list = new Int32Array(rows.memberList.length);
  const next = rows.firstCollection.slice();
  for (let collection = 0; collection < collections; collection += 1) {
    const end = rows.firstMember[collection + 1] ?? 0;
    for (let entry = rows.firstMember[collection] ?? 0; entry < end; entry += 1) {
      const user = rows.memberList[entry] ?? 0;
      const place = next[user] ?? 0;
      list[place] = collection;
      next[user] = place + 1;
    }
  }
  release(next);
  return list;
}
