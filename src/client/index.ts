export { Connection, type ConnectionOptions, type DavAnswer, type DavRequest } from './connection.ts';
export { createCollection, deleteCollection } from './create-collection.ts';
export {
  discoverAccount,
  listCollections,
  readCollectionAt,
  type Account,
  type FoundCollection,
} from './discover.ts';
export { expectStatus, unreachable } from './expect-status.ts';
export type { CollectionKind, FetchedObject } from './multiget.ts';
export { createPushKeys, decryptPush, type PushKeys } from './push-keys.ts';
export { parsePushMessage, type PushMessage } from './push-message.ts';
export {
  registerPush,
  unregisterPush,
  type PushRegistration,
  type PushSubscription,
} from './push-registration.ts';
export { PushUserAgent, type Notification } from './push-user-agent.ts';
export { emptyReplica, type Replica } from './replica.ts';
export { basicCredentials, exchange, type Credentials, type Exchange, type Session } from './session.ts';
export type { ByteCount } from './socket-bytes.ts';
export { syncReplica, type SyncHabits, type SyncOutcome } from './sync-replica.ts';
export { listMembers } from './sync-report.ts';
export { deleteObject, putObject, type WriteConditions } from './write-object.ts';
