import { createPushPolicy, type RunSpec } from '../../sim/index.ts';
import { listMembers } from '../client/index.ts';
import type { LiveDevice } from './device.ts';
import { inParallel } from './in-parallel.ts';
import type { LiveLedger } from './ledger.ts';
import { sessionOf, type LiveCollection } from './provision.ts';
import { connectTo, type Target } from './target.ts';

const width = 32;
/** For a message that has left to arrive and lead to a contact, beyond the delay of its policy, ms. */
const deliveryMs = 3000;
const lookEveryMs = 50;

/** How long a push policy puts a lone change off, ms; `Infinity` where it tells nobody. */
export function putOffMs(pushPolicy: RunSpec['pushPolicy']): number {
  return createPushPolicy(pushPolicy).due({
    now: 0,
    importance: 'normal',
    firstAt: 0,
    dueAt: NaN,
    lastSentAt: -Infinity,
    rank: 0,
  });
}

/** Waits until pushes have brought everything, or until what is still missing will not come by push. */
export async function awaitPushes(spec: RunSpec, ledger: LiveLedger, signal: AbortSignal): Promise<void> {
  const policyMs = putOffMs(spec.pushPolicy);
  if (policyMs === Infinity) return;
  let { seen } = ledger.totals();
  let deadline = performance.now() + policyMs + deliveryMs;
  while (!ledger.complete && performance.now() < deadline) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const now = ledger.totals().seen;
    // As long as they come they are waited for.
    if (now > seen) deadline = performance.now() + policyMs + deliveryMs;
    seen = now;
  }
}

/**
 * The contacts that the policy still schedules, all at once; what they bring counts as learned when they were
 * scheduled, so that nobody has to wait for hours. A device without one keeps what it has.
 */
export async function makeLastContacts(devices: readonly LiveDevice[], signal: AbortSignal): Promise<void> {
  await Promise.all(devices.map((device) => device.stop()));
  const scheduled = devices.filter(({ scheduledAt }) => scheduledAt !== Infinity);
  await inParallel(scheduled, width, signal, async (device) => {
    await device.syncNow(device.scheduledAt);
  });
}

/** Compares what every device holds, collection by collection, with what the server lists. */
export async function compareStates(
  target: Target,
  spec: RunSpec,
  collections: readonly LiveCollection[],
  devices: readonly LiveDevice[],
): Promise<{ compared: number; different: number }> {
  const connection = connectTo(target, spec);
  try {
    const truth = new Map<number, Map<string, string>>();
    for (const { index, path, owner } of collections) {
      truth.set(index, await listMembers(sessionOf(connection, owner), path));
    }
    const held = devices.flatMap(({ subscriptions }) => subscriptions);
    const different = held.filter(
      ({ collection, replica }) => !isSame(replica.etags, truth.get(collection) ?? new Map()),
    );
    return { compared: held.length, different: different.length };
  } finally {
    await connection.close();
  }
}

const isSame = (held: ReadonlyMap<string, string>, truth: ReadonlyMap<string, string>): boolean =>
  held.size === truth.size && [...truth].every(([path, etag]) => held.get(path) === etag);
