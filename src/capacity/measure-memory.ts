import { setTimeout } from 'node:timers/promises';
import type { MemorySpec, TransportSpec } from '../../sim/index.ts';
import { readSyncToken, emptyReplica, type Connection } from '../client/index.ts';
import { connectTo, residentBytes } from '../live/index.ts';
import type { BenchBed } from './bench-bed.ts';

const looks = 5;
const lookEveryMs = 200;

/**
 * Memory of the server's process with nothing to do, and what each of `count` idle connections and push subscriptions
 * adds; 0 for subscriptions where there is no push. @throws DavpulseError when the server refuses or fails
 */
export async function measureMemory(
  bed: BenchBed,
  pid: number,
  transport: TransportSpec,
  count: number,
): Promise<MemorySpec> {
  const baseBytes = await settledBytes(pid);
  const opened: Connection[] = [];
  try {
    for (let made = 0; made < count; made += 1) {
      const connection = connectTo(bed.target, { transport });
      opened.push(connection);
      await readSyncToken({ ...bed.session, connection }, emptyReplica(bed.collection, 'calendar'));
    }
    const connectedBytes = await settledBytes(pid);
    const perConnection = (connectedBytes - baseBytes) / count;
    if (bed.target.pushServiceUrl === undefined) return spec(baseBytes, perConnection, 0);
    const subscribed = await bed.beside();
    for (let made = 0; made < count; made += 1) await subscribed.subscribe(() => {});
    const subscribedBytes = await settledBytes(pid);
    return spec(baseBytes, perConnection, (subscribedBytes - connectedBytes) / count);
  } finally {
    bed.exchanges.length = 0;
    await Promise.all(opened.map((connection) => connection.close()));
  }
}

const spec = (baseBytes: number, connectionBytes: number, subscriptionBytes: number): MemorySpec => ({
  baseBytes: Math.round(baseBytes),
  connectionBytes: Math.max(0, Math.round(connectionBytes)),
  subscriptionBytes: Math.max(0, Math.round(subscriptionBytes)),
});

/** The least of some looks: what was garbage is gone by then, or some of it. */
async function settledBytes(pid: number): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < looks; look += 1) {
    await setTimeout(lookEveryMs);
    least = Math.min(least, residentBytes(pid));
  }
  return least;
}
