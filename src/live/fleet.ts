import type { FleetLayout, RunSpec } from '../../sim/index.ts';
import { emptyReplica, unreachable, type ByteCount, type Replica } from '../client/index.ts';
import { AwayWatch } from './away-watch.ts';
import { LiveDevice, type DeviceWorld, type Subscription } from './device.ts';
import { inParallel } from './in-parallel.ts';
import type { KeptDevice } from './kept-fleet.ts';
import { collectionsOf } from './ledger.ts';
import type { LiveCollection } from './provision.ts';
import { keepPushLine, openPushLine, type PushLine, type PushLineOptions } from './push-line.ts';
import { connectTo, type Target } from './target.ts';
import { wayOf } from './way-of.ts';
import { whenAborted } from './when-aborted.ts';

export interface FleetOptions {
  readonly spec: RunSpec;
  readonly layout: FleetLayout;
  readonly target: Target;
  readonly collections: readonly LiveCollection[];
  readonly world: DeviceWorld;
  readonly signal: AbortSignal;
  readonly onConnect: (bytes: ByteCount) => void;
  readonly onPush: PushLineOptions['onPush'];
  /** What the devices knew at the end of the run before. */
  readonly kept: readonly KeptDevice[] | undefined;
}

const width = 32;

/** How a fleet came to be: by first syncs and registrations, or with what it knew. */
export interface SetUp {
  firstSyncs: number;
  registered: number;
  restored: number;
}

/** The devices of a run and their push connections. */
export interface Fleet {
  readonly devices: readonly LiveDevice[];
  readonly setUp: SetUp;
  /** Lets push connections come and go with the reachability of their devices, from now on. */
  begin(): void;
  /** Brings every push connection back, for good. */
  settle(): void;
  /** What the devices know now. */
  keep(): KeptDevice[];
  close(): Promise<void>;
}

/**
 * Makes the devices, brings each to the server's state and subscribes those that follow pushes. Not part of what
 * is measured. One thread drives all devices: it sends some 28,000 to 50,000 empty polls a second and core (`npm run
 * bench:live`), of which the bundled server answers about 7,000 on a core of its own, so the server is the limit long
 * before; for what outgrows one machine there is `davpulse export k6`.
 * @throws DavpulseError when the server or the push service fails
 */
export async function raiseFleet(options: FleetOptions): Promise<Fleet> {
  const { layout, target, signal, kept } = options;
  const devices = Array.from({ length: layout.devices }, (_, index) => makeDevice(options, index));
  const lines = new Map<LiveDevice, PushLine>();
  const setUp: SetUp = { firstSyncs: 0, registered: 0, restored: 0 };
  const away = new AwayWatch(options.world.now);
  const closing = new AbortController();
  const close = async (): Promise<void> => {
    away.end();
    closing.abort();
    await Promise.all(devices.map((device) => device.connection.close()));
  };
  const stopWatching = whenAborted(signal, close);
  try {
    await inParallel(devices, width, signal, async (device) => {
      const before = kept?.[device.index];
      await (before === undefined ? device.syncNow() : device.connect());
      setUp[before === undefined ? 'firstSyncs' : 'restored'] += 1;
      const line = await subscribe(options, device, before?.push, closing.signal);
      if (line === undefined) return;
      setUp.registered += line.registered;
      lines.set(device, line);
    });
  } catch (error) {
    await close();
    throw signal.aborted ? signal.reason : unreachable(target.origin, error);
  } finally {
    stopWatching();
  }
  return {
    devices,
    setUp,
    begin: () => away.begin([...lines].map(([device, { agent }]) => ({ device, agent }))),
    settle: () => away.end(),
    keep: () => devices.map((device) => keepDevice(device, lines.get(device))),
    close,
  };
}

async function subscribe(
  { spec, layout, target, collections, onPush }: FleetOptions,
  device: LiveDevice,
  kept: KeptDevice['push'],
  signal: AbortSignal,
): Promise<PushLine | undefined> {
  const { pushServiceUrl } = target;
  const group = spec.deviceGroups[layout.groupOfDevice[device.index] ?? 0];
  const wanted = device.usesPush && spec.pushPolicy.kind !== 'off' && group?.pushService !== null;
  if (!wanted || pushServiceUrl === undefined) return undefined;
  return await openPushLine({ pushServiceUrl, collections, onPush, signal }, device, kept);
}

const keepDevice = ({ subscriptions }: LiveDevice, line: PushLine | undefined): KeptDevice => ({
  replicas: subscriptions.map(({ replica }) => ({ token: replica.token, etags: [...replica.etags] })),
  ...(line === undefined ? {} : { push: keepPushLine(line, subscriptions) }),
});

function makeDevice(options: FleetOptions, index: number): LiveDevice {
  const { spec, layout, target, collections, world, onConnect, kept } = options;
  const group = spec.deviceGroups[layout.groupOfDevice[index] ?? 0];
  if (group === undefined) throw new RangeError(`device ${index} is in no group`);
  const subscriptions: Subscription[] = [];
  for (const collection of collectionsOf(layout, index)) {
    const made = collections[collection];
    if (made === undefined) throw new RangeError(`no collection ${collection}`);
    const replica = emptyReplica(made.path, made.kind);
    restore(replica, kept?.[index]?.replicas[subscriptions.length]);
    subscriptions.push({
      collection,
      topic: made.topic,
      replica,
      credentials: made.owner,
      written: new Map(),
    });
  }
  const connection = connectTo(target, spec, onConnect, group.client, wayOf(spec, group, index));
  return new LiveDevice(index, group, connection, subscriptions, world);
}

function restore(replica: Replica, kept: KeptDevice['replicas'][number] | undefined): void {
  if (kept === undefined) return;
  replica.token = kept.token;
  for (const [path, etag] of kept.etags) replica.etags.set(path, etag);
}
