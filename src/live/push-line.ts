import {
  createPushKeys,
  decryptPush,
  formatPushKeys,
  parsePushKeys,
  parsePushMessage,
  PushUserAgent,
  registerPush,
  type ByteCount,
  type PushKeys,
  type PushMessage,
} from '../client/index.ts';
import type { LiveDevice, Subscription } from './device.ts';
import type { KeptDevice } from './kept-fleet.ts';
import type { LiveCollection } from './provision.ts';

const registrationMs = 3 * 86_400_000;
/** A registration with less left is made again. */
const leastLeftMs = 86_400_000;

export interface PushLineOptions {
  readonly pushServiceUrl: string;
  readonly collections: readonly LiveCollection[];
  /** A message has come; gives whether the device is to have it. */
  readonly onPush: (device: number, bytes: ByteCount) => boolean;
  /** Closes the connection, one that is still opening too. */
  readonly signal: AbortSignal;
}

/** A device's push connection, and the push resource that it registered at its collections. */
export interface PushLine {
  readonly agent: PushUserAgent;
  readonly keys: PushKeys;
  readonly endpoint: string;
  /** How many registrations had to be made. */
  readonly registered: number;
}

/**
 * Opens the push connection of a device and registers its push resource at each of its collections that offers push,
 * as far as what was `kept` of the last run does not do. Nothing when no collection offers push.
 * @throws DavpulseError when the push service or the server fails
 */
export async function openPushLine(
  { pushServiceUrl, collections, onPush, signal }: PushLineOptions,
  device: LiveDevice,
  kept: KeptDevice['push'],
): Promise<PushLine | undefined> {
  const offering = device.subscriptions.filter(({ topic }) => topic !== undefined);
  const vapidKey = collections[offering[0]?.collection ?? -1]?.vapidKey;
  if (offering.length === 0) return undefined;
  const keys = kept === undefined ? createPushKeys() : parsePushKeys(kept.keys);
  const agent = await PushUserAgent.connect(
    pushServiceUrl.replace(/^http/, 'ws').replace(/\/?$/, '/'),
    ({ body, bytes }) => {
      if (onPush(device.index, bytes)) device.pushed(readMessage(keys, body));
    },
    { agentId: kept?.agentId, signal },
  );
  // A service that has forgotten the agent gives it another id.
  const known = kept?.agentId === agent.agentId ? kept : undefined;
  const endpoint = known?.endpoint ?? (await agent.subscribe(vapidKey)).endpoint;
  const expiresAt = Date.now() + registrationMs;
  let registered = 0;
  for (const subscription of offering) {
    const before = known?.registrations[device.subscriptions.indexOf(subscription)];
    if (before && before.expiresAt - Date.now() > leastLeftMs) {
      subscription.registration = before;
      continue;
    }
    const session = device.session(subscription.credentials, Infinity);
    const push = { endpoint, keys, expiresAt };
    subscription.registration = await registerPush(session, subscription.replica.path, push);
    registered += 1;
  }
  agent.takeBytes();
  return { agent, keys, endpoint, registered };
}

/** What the next run needs to go on with the line. */
export const keepPushLine = (
  { agent, keys, endpoint }: PushLine,
  subscriptions: readonly Subscription[],
): NonNullable<KeptDevice['push']> => ({
  agentId: agent.agentId ?? '',
  endpoint,
  keys: formatPushKeys(keys),
  registrations: subscriptions.map(({ registration }) => registration ?? null),
});

/** Decrypts and reads a message; `undefined` for what cannot be read. */
function readMessage(keys: PushKeys, body: Buffer): PushMessage | undefined {
  try {
    return parsePushMessage(decryptPush(keys, body).toString('utf8'));
  } catch {
    return undefined;
  }
}
