export { Connection, type ConnectionOptions } from './connection.ts';
export { readScheduling, setDefaultCalendar, type Scheduling } from './default-calendar.ts';
export { createCollection, deleteCollection } from './create-collection.ts';
export {
  discoverAccount,
  listCollections,
  readCollectionAt,
  type Account,
  type FoundCollection,
} from './discover.ts';
export { expectStatus, unreachable } from './expect-status.ts';
export type { DavAnswer, DavRequest } from './lane.ts';
export { multiget, type CollectionKind, type FetchedObject } from './multiget.ts';
export { createPushKeys, decryptPush, formatPushKeys, parsePushKeys, type PushKeys } from './push-keys.ts';
export { parsePushMessage, type PushMessage } from './push-message.ts';
export {
  registerPush,
  unregisterPush,
  type PushRegistration,
  type PushSubscription,
} from './push-registration.ts';
export { PushUserAgent, type Notification } from './push-user-agent.ts';
export { retryAfterMs } from './retry-after.ts';
export { emptyReplica, type Replica } from './replica.ts';
export { basicCredentials, exchange, type Credentials, type Exchange, type Session } from './session.ts';
export { inRecords, type ByteCount } from './socket-bytes.ts';
export type { SyncHabits } from './sync-habits.ts';
export { syncReplica, type SyncOutcome } from './sync-replica.ts';
export { listMembers } from './list-members.ts';
export { readHomeTokens, readSyncToken } from './read-tokens.ts';
export type { Way } from './way.ts';
export { deleteObject, putObject, type WriteConditions } from './write-object.ts';
export { createAppleClient, type AppleDevice } from './transports/apple-client.ts';
export {
  chooseTransport,
  type ClientEnvironment,
  type TransportChoice,
} from './transports/choose-transport.ts';
export type { ClientSubscription, ClientTransport, PushEvent } from './transports/client-transport.ts';
export { discoverTransports } from './transports/discover-transports.ts';
export { systemClock, type KeeperClock } from './transports/keeper-clock.ts';
export type { AppleOffer, OfferedTransports, TransportName } from './transports/offered-transports.ts';
export {
  PushSubscriptionKeeper,
  type KeeperOptions,
  type KeeperReport,
} from './transports/push-subscription-keeper.ts';
export { createStreamClient, type StreamClientOptions } from './transports/stream-client.ts';
export { createWebPushClient } from './transports/web-push-client.ts';
