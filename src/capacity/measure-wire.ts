import type { RequestCost, TransportSpec, WireCosts } from '../../sim/index.ts';
import {
  createCollection,
  deleteObject,
  emptyReplica,
  inRecords,
  listMembers,
  readHomeTokens,
  syncReplica,
  type ByteCount,
  type Exchange,
  type SyncHabits,
} from '../client/index.ts';
import type { BenchBed } from './bench-bed.ts';
import { orAborted } from './or-aborted.ts';
import { plainHabits } from './plain-habits.ts';

const batch = 20;
const rounds = 5;
const moreCollections = 4;

const habits: SyncHabits = { ...plainHabits, multigetBatch: batch };

/** A WebSocket ping and its pong in clear text: masked header up, bare header down (RFC 6455 sections 5.2 and 5.5.2). */
const keepAlive: ByteCount = { up: 6, down: 2 };

/**
 * Measures what each kind of request moves on the socket of a client, by doing it: once with nothing and once with
 * `batch` items, the difference being the cost of an item. Bodies are taken off, as the simulator adds them itself. The
 * push service is spoken to in clear text; where the server is not, its messages count as if in TLS records too.
 */
export async function measureWire(
  bed: BenchBed,
  name: string,
  objectBytes: number,
  transport: TransportSpec,
): Promise<WireCosts> {
  const replica = emptyReplica(bed.collection, 'calendar');
  await syncReplica(bed.session, replica, habits);
  const sync = async (own: Partial<SyncHabits> = {}): Promise<readonly Exchange[]> => {
    bed.exchanges.length = 0;
    await syncReplica(bed.session, replica, { ...habits, ...own });
    return [...bed.exchanges];
  };
  const change = async (objects: number): Promise<void> => {
    for (let object = 0; object < objects; object += 1) await bed.put(object);
  };
  const checks = await averageOf(async () => bytesOf(await sync({ check: 'sync-token' }), 'sync-token'));
  const emptyReports = await averageOf(async () => bytesOf(await sync(), 'sync-collection'));
  await change(1);
  const one = await sync();
  await change(batch);
  const many = await sync();
  bed.exchanges.length = 0;
  await bed.put(0);
  const put = bytesOf(bed.exchanges, 'put');
  bed.exchanges.length = 0;
  await deleteObject(bed.session, bed.pathOf(0));
  const removed = bytesOf(bed.exchanges, 'delete');
  const home = await measureHome(bed);
  const list = await measureList(bed);
  const push = await measurePush(bed);
  return {
    name,
    connect: transport.tls ? bed.connectBytes : { up: 0, down: 0 },
    requests: {
      'sync-token': fixedCost(checks),
      'sync-collection': perItem(emptyReports, bytesOf(many, 'sync-collection'), 0, batch, 0),
      multiget: perItem(bytesOf(one, 'multiget'), bytesOf(many, 'multiget'), 1, batch, objectBytes),
      put: fixedCost({ up: put.up - objectBytes, down: put.down }),
      delete: fixedCost(removed),
      register: fixedCost(push.register),
      home,
      list,
    },
    pushToDevice: inRecords(push.toDevice, transport),
    pushToService: inRecords(push.toService, transport),
    keepAlive: inRecords(keepAlive, transport),
  };
}

/** The home with the one collection of the bed and with more; what a server puts there itself is part of the fixed cost. */
async function measureHome(bed: BenchBed): Promise<RequestCost> {
  const look = async (): Promise<ByteCount> => {
    bed.exchanges.length = 0;
    await readHomeTokens(bed.session, bed.home);
    return bytesOf(bed.exchanges, 'home');
  };
  const few = await look();
  for (let more = 0; more < moreCollections; more += 1) {
    const path = bed.collection.replace(/10\/$/, `${11 + more}/`);
    await createCollection(bed.session, 'calendar', path, 'measurements');
  }
  return perItem(few, await look(), 1, 1 + moreCollections, 0);
}

/** The ETags of a collection with nothing in it and of the bed's own. */
async function measureList(bed: BenchBed): Promise<RequestCost> {
  const look = async (collection: string): Promise<{ bytes: ByteCount; members: number }> => {
    bed.exchanges.length = 0;
    const members = await listMembers(bed.session, collection);
    return { bytes: bytesOf(bed.exchanges, 'list'), members: members.size };
  };
  const empty = await look(bed.collection.replace(/10\/$/, '11/'));
  const full = await look(bed.collection);
  return perItem(empty.bytes, full.bytes, empty.members, full.members, 0);
}

/** One registration, and the mean of a few messages; the message to the push service is what reached the device, encrypted alike. */
async function measurePush(
  bed: BenchBed,
): Promise<{ register: ByteCount; toDevice: ByteCount; toService: ByteCount }> {
  const received: ByteCount[] = [];
  const bodies: number[] = [];
  let wake: () => void = () => {};
  bed.exchanges.length = 0;
  const agent = await bed.subscribe(({ bytes, body }) => {
    received.push(bytes);
    bodies.push(body.length);
    wake();
  });
  const register = bytesOf(bed.exchanges, 'register');
  agent.takeBytes();
  for (let round = 0; round < rounds; round += 1) {
    const arrived = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await bed.put(1);
    await orAborted(arrived, bed.session.signal);
  }
  return {
    register,
    toDevice: mean(received),
    toService: pushRequestBytes(mean(bodies.map((up) => ({ up, down: 0 }))).up),
  };
}

/**
 * A push message from server to push service beside its body: request line, TTL, Urgency, Topic, encoding and the
 * VAPID header of some 380 octets (RFC 8292 section 2), and the answer with its Location (RFC 8030 section 5).
 */
const pushRequestBytes = (body: number): ByteCount => ({ up: Math.round(body) + 760, down: 230 });

function bytesOf(exchanges: readonly Exchange[], kind: Exchange['kind']): ByteCount {
  const found = exchanges.find((exchange) => exchange.kind === kind);
  if (found === undefined) throw new RangeError(`no request of kind ${kind} was made`);
  return found.bytes;
}

async function averageOf(measure: () => Promise<ByteCount>): Promise<ByteCount> {
  const counts: ByteCount[] = [];
  for (let round = 0; round < rounds; round += 1) counts.push(await measure());
  return mean(counts);
}

const mean = (counts: readonly ByteCount[]): ByteCount => ({
  up: Math.round(counts.reduce((sum, { up }) => sum + up, 0) / counts.length),
  down: Math.round(counts.reduce((sum, { down }) => sum + down, 0) / counts.length),
});

const fixedCost = ({ up, down }: ByteCount): RequestCost => ({ up, upPerItem: 0, down, downPerItem: 0 });

/** The line through two points; `body` octets of each item are not its cost. */
function perItem(
  few: ByteCount,
  many: ByteCount,
  fewItems: number,
  manyItems: number,
  body: number,
): RequestCost {
  const items = manyItems - fewItems;
  // Compressed headers make the later of two equal requests smaller by a byte or two.
  const upPerItem = Math.max(0, many.up - few.up) / items;
  const downPerItem = (many.down - few.down) / items;
  return {
    up: Math.round(few.up - upPerItem * fewItems),
    upPerItem: round(upPerItem),
    down: Math.round(few.down - downPerItem * fewItems),
    downPerItem: round(downPerItem - body),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
