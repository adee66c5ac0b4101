import type { FleetLayout, RunSpec } from '../../sim/index.ts';
import {
  createPushKeys,
  decryptPush,
  emptyReplica,
  parsePushMessage,
  PushUserAgent,
  registerPush,
  unreachable,
  type ByteCount,
  type PushKeys,
} from '../client/index.ts';
import { LiveDevice, type DeviceWorld, type Subscription } from './device.ts';
import { habitsOf } from './habits.ts';
import { inParallel } from './in-parallel.ts';
import { collectionsOf } from './ledger.ts';
import type { LiveCollection } from './provision.ts';
import { connectTo, type Target } from './target.ts';
import { whenAborted } from './when-aborted.ts';

export interface FleetOptions {
  readonly spec: RunSpec;
  readonly layout: FleetLayout;
  readonly target: Target;
  readonly collections: readonly LiveCollection[];
  readonly world: DeviceWorld;
  readonly signal: AbortSignal;
  readonly onConnect: (bytes: ByteCount) => void;
  readonly onPush: (device: number, bytes: ByteCount) => void;
}

const width = 32;
const registrationMs = 3 * 86_400_000;

/** The devices of a run and their push connections. */
export interface Fleet {
  readonly devices: readonly LiveDevice[];
  close(): Promise<void>;
}

/**
 * Makes the devices, brings each to the server's state and subscribes those that follow pushes. Not part of what
 * is measured. @throws DavpulseError when the server or the push service fails
 */
export async function raiseFleet(options: FleetOptions): Promise<Fleet> {
  const { layout, target, signal } = options;
  const devices = Array.from({ length: layout.devices }, (_, index) => makeDevice(options, index));
  const agents: PushUserAgent[] = [];
  const close = async (): Promise<void> => {
    for (const agent of agents) agent.close();
    await Promise.all(devices.map((device) => device.connection.close()));
  };
  const stopWatching = whenAborted(signal, close);
  try {
    await inParallel(devices, width, signal, async (device) => {
      await device.syncNow();
      if (device.usesPush && options.spec.pushPolicy.kind !== 'off') {
        const agent = await subscribe(options, device);
        if (agent !== undefined) agents.push(agent);
      }
    });
  } catch (error) {
    await close();
    throw signal.aborted ? signal.reason : unreachable(target.origin, error);
  } finally {
    stopWatching();
  }
  return { devices, close };
}

function makeDevice({ spec, layout, target, collections, world, onConnect }: FleetOptions, index: number) {
  const group = spec.deviceGroups[layout.groupOfDevice[index] ?? 0];
  if (group === undefined) throw new RangeError(`device ${index} is in no group`);
  const subscriptions: Subscription[] = [];
  for (const collection of collectionsOf(layout, index)) {
    const made = collections[collection];
    if (made === undefined) throw new RangeError(`no collection ${collection}`);
    subscriptions.push({
      collection,
      replica: emptyReplica(made.path, made.kind),
      credentials: made.owner,
      written: new Map(),
    });
  }
  const connection = connectTo(target, spec, onConnect, habitsOf(group.client).concurrency);
  return new LiveDevice(index, group, connection, subscriptions, world);
}

/** One push connection and one push resource for the device, registered at each of its collections that offers push. */
async function subscribe(
  { target, collections, onPush }: FleetOptions,
  device: LiveDevice,
): Promise<PushUserAgent | undefined> {
  const offering = device.subscriptions.filter(
    ({ collection }) => collections[collection]?.offersPush === true,
  );
  const vapidKey = collections[offering[0]?.collection ?? -1]?.vapidKey;
  if (offering.length === 0 || target.pushServiceUrl === undefined) return undefined;
  const keys = createPushKeys();
  const agent = await PushUserAgent.connect(
    target.pushServiceUrl.replace(/^http/, 'ws').replace(/\/?$/, '/'),
    ({ body, bytes }) => {
      onPush(device.index, bytes);
      if (concernsContent(keys, body)) device.pushed();
    },
  );
  const { endpoint } = await agent.subscribe(vapidKey);
  for (const subscription of offering) {
    subscription.registration = await registerPush(
      device.session(subscription.credentials, Infinity),
      subscription.replica.path,
      { endpoint, keys, expiresAt: Date.now() + registrationMs },
    );
  }
  agent.takeBytes();
  return agent;
}

/** Decrypts and reads a message; what cannot be read is treated as news, as a real client would. */
function concernsContent(keys: PushKeys, body: Buffer): boolean {
  try {
    return parsePushMessage(decryptPush(keys, body).toString('utf8')).contentUpdate;
  } catch {
    return true;
  }
}
