import type { FleetLayout } from './fleet-layout.ts';
import { release } from './release.ts';

/** A part with more users than this is not small. */
const mostUsers = 256;

/**
 * The parts of a fleet that share no collection with each other, numbered by their first users. Part `p` has the users
 * `users[firstUser[p]]` to `users[firstUser[p + 1] - 1]`.
 */
export interface Parts {
  readonly count: number;
  readonly users: Int32Array;
  readonly firstUser: Int32Array;
  readonly ofCollection: Int32Array;
}

/** Takes a fleet apart; undefined when too many users hang together. */
export function partsOf(layout: FleetLayout): Parts | undefined {
  const { users, collections, firstMember, memberList } = layout;
  const parent = joinMembers(layout);
  let count = 0;
  const ofUser = new Int32Array(users);
  // Of a part, the user with the lowest number is the root, and comes first.
  for (let user = 0; user < users; user += 1) {
    const root = rootOf(parent, user);
    ofUser[user] = root === user ? count++ : (ofUser[root] ?? 0);
  }
  release(parent);
  const { order, first } = sortInto(count, users, (user) => ofUser[user] ?? 0);
  for (let part = 0; part < count; part += 1) {
    if ((first[part + 1] ?? 0) - (first[part] ?? 0) > mostUsers) return undefined;
  }
  const ofCollection = new Int32Array(collections);
  for (let collection = 0; collection < collections; collection += 1)
    ofCollection[collection] = ofUser[memberList[firstMember[collection] ?? 0] ?? 0] ?? 0;
  release(ofUser);
  return { count, users: order, firstUser: first, ofCollection };
}

/** The order that sorts changes at `times` of the collections `owners` by part, of `count`, and within each by time; equal ones by place. */
export function orderInParts(
  times: ArrayLike<number>,
  owners: ArrayLike<number>,
  count: number,
  partOf: (collection: number) => number,
): Int32Array<ArrayBuffer> {
  const { order, first } = sortInto(count, times.length, (place) => partOf(owners[place] ?? 0));
  const isLater = (one: number, other: number) => (times[one] ?? 0) - (times[other] ?? 0) || one - other;
  for (let part = 0; part < count; part += 1) {
    const from = first[part] ?? 0;
    const to = first[part + 1] ?? 0;
    let sorted = true;
    for (let place = from + 1; place < to && sorted; place += 1)
      sorted = isLater(order[place] ?? 0, order[place - 1] ?? 0) > 0;
    if (!sorted) order.subarray(from, to).sort(isLater);
  }
  release(first);
  return order;
}

/** A forest of users in which those who share a collection, directly or through others, have one root. */
function joinMembers({ users, collections, firstMember, memberList }: FleetLayout): Int32Array<ArrayBuffer> {
  const parent = new Int32Array(users);
  for (let user = 0; user < users; user += 1) parent[user] = user;
  for (let collection = 0; collection < collections; collection += 1) {
    const first = firstMember[collection] ?? 0;
    for (let entry = first + 1; entry < (firstMember[collection + 1] ?? 0); entry += 1) {
      const one = rootOf(parent, memberList[first] ?? 0);
      const other = rootOf(parent, memberList[entry] ?? 0);
      parent[Math.max(one, other)] = Math.min(one, other);
    }
  }
  return parent;
}

function rootOf(parent: Int32Array, user: number): number {
  let root = user;
  while (parent[root] !== root) {
    // Halving the path keeps the next one short.
    parent[root] = parent[parent[root] ?? 0] ?? 0;
    root = parent[root] ?? 0;
  }
  return root;
}

/** The numbers 0 to `length` - 1 by part, in order within each: a counting sort. */
function sortInto(parts: number, length: number, partOf: (index: number) => number) {
  const first = new Int32Array(parts + 1);
  for (let index = 0; index < length; index += 1) {
    const next = partOf(index) + 1;
    first[next] = (first[next] ?? 0) + 1;
  }
  for (let part = 0; part < parts; part += 1) first[part + 1] = (first[part + 1] ?? 0) + (first[part] ?? 0);
  const order = new Int32Array(length);
  const next = first.slice();
  for (let index = 0; index < length; index += 1) {
    const part = partOf(index);
    const place = next[part] ?? 0;
    order[place] = index;
    next[part] = place + 1;
  }
  release(next);
  return { first, order };
}
