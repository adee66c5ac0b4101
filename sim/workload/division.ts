import type { RunSpec } from '../spec.ts';
import { layoutFleet, type FleetLayout } from './fleet-layout.ts';
import { partsOf, type Parts } from './parts.ts';

/** A fleet taken apart. */
export interface Division {
  readonly layout: FleetLayout;
  readonly parts: Parts;
  /** All parts in turn, in blocks of about as many devices. They follow from the fleet alone, whoever runs them. */
  readonly blocks: readonly PartRange[];
  /** What a user, a device and a collection are numbered within their block. */
  readonly places: {
    readonly ofUser: Int32Array;
    readonly ofDevice: Int32Array;
    readonly ofCollection: Int32Array;
  };
}

/** The parts `from` to `to` - 1. */
export interface PartRange {
  readonly from: number;
  readonly to: number;
}

/** Divides a fleet into blocks of at least so many devices; undefined when too many users hang together. */
export function divideFleet(spec: RunSpec, devicesInBlock: number): Division | undefined {
  const layout = layoutFleet(spec);
  const parts = partsOf(layout);
  if (parts === undefined) return undefined;
  const blocks = blocksOf(layout, parts, devicesInBlock);
  const places = {
    ofUser: new Int32Array(layout.users),
    ofDevice: new Int32Array(layout.devices),
    ofCollection: new Int32Array(layout.collections),
  };
  for (const block of blocks) number(places, layout, usersIn(parts, block));
  return { layout, parts, blocks, places };
}

/** The users of some parts, part by part. */
export const usersIn = ({ users, firstUser }: Parts, { from, to }: PartRange): Int32Array =>
  users.subarray(firstUser[from] ?? 0, firstUser[to] ?? 0);

function blocksOf({ firstDevice }: FleetLayout, parts: Parts, devicesInBlock: number): PartRange[] {
  const blocks: PartRange[] = [];
  let from = 0;
  let devices = 0;
  for (let part = 0; part < parts.count; part += 1) {
    const end = parts.firstUser[part + 1] ?? 0;
    for (let place = parts.firstUser[part] ?? 0; place < end; place += 1) {
      const user = parts.users[place] ?? 0;
      devices += (firstDevice[user + 1] ?? 0) - (firstDevice[user] ?? 0);
    }
    if (devices < devicesInBlock && part + 1 < parts.count) continue;
    blocks.push({ from, to: part + 1 });
    from = part + 1;
    devices = 0;
  }
  return blocks;
}

/** Numbers what there is in a block. */
function number(
  { ofUser, ofDevice, ofCollection }: Division['places'],
  layout: FleetLayout,
  users: Int32Array,
): void {
  const { firstDevice } = layout;
  let devices = 0;
  for (const [place, user] of users.entries()) {
    ofUser[user] = place;
    for (let device = firstDevice[user] ?? 0; device < (firstDevice[user + 1] ?? 0); device += 1) {
      ofDevice[device] = devices;
      devices += 1;
    }
  }
  for (const [place, collection] of collectionsOf(layout, users).entries()) ofCollection[collection] = place;
}

/** The collections that some users see and nobody else does, ascending, which is the order in which each user has them. */
export function collectionsOf(layout: FleetLayout, users: Int32Array): Int32Array {
  const { firstCollection, collectionList, firstMember, memberList } = layout;
  const found = new Int32Array(
    users.reduce((sum, user) => sum + (firstCollection[user + 1] ?? 0) - (firstCollection[user] ?? 0), 0),
  );
  let count = 0;
  for (const user of users) {
    for (let entry = firstCollection[user] ?? 0; entry < (firstCollection[user + 1] ?? 0); entry += 1) {
      const collection = collectionList[entry] ?? 0;
      // Each is counted with the first who sees it.
      if (memberList[firstMember[collection] ?? 0] !== user) continue;
      found[count] = collection;
      count += 1;
    }
  }
  return found.slice(0, count).sort();
}
