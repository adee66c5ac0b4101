import { createSampler, streamKey, type FleetLayout, type RunSpec } from '../../sim/index.ts';
import {
  basicCredentials,
  createCollection,
  deleteCollection,
  discoverAccount,
  putObject,
  readCollectionAt,
  readScheduling,
  setDefaultCalendar,
  unreachable,
  type CollectionKind,
  type Connection,
  type Credentials,
  type Session,
} from '../client/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { ownerOf } from './accounts.ts';
import { objectBody, type ObjectKind } from './object-body.ts';
import { whenAborted } from './when-aborted.ts';
import { connectTo, type Target } from './target.ts';

/** A collection that was made for the run. */
export interface LiveCollection {
  readonly index: number;
  readonly path: string;
  readonly kind: CollectionKind;
  readonly holds: ObjectKind;
  readonly owner: Credentials;
  /** The server's VAPID key; undefined where it has none or offers no push. */
  readonly vapidKey: string | undefined;
  /** By which push messages name it; undefined where push is not offered. */
  readonly topic: string | undefined;
  /** By which others invite its owner to it; undefined where nobody does. */
  readonly address: string | undefined;
}

export interface ProvisionOptions {
  readonly spec: RunSpec;
  readonly layout: FleetLayout;
  readonly target: Target;
  /** Part of the collections' names, so that runs on one server do not meet. */
  readonly runName: string;
  readonly signal: AbortSignal;
}

/** By which protocol it is read. */
export const kindOf = (holds: ObjectKind): CollectionKind =>
  holds === 'addressbook' ? 'addressbook' : 'calendar';

const width = 8;
// A stream of its own: initial objects must not draw from the schedule's numbers.
const initialSizeStream = 1001;

/** Path of an object below its collection. */
export const objectPath = (collection: LiveCollection, object: number): string =>
  `${collection.path}o${object}.${collection.kind === 'calendar' ? 'ics' : 'vcf'}`;

/** Which object a path is of; -1 for a path that is none of ours. */
export const objectIn = (path: string): number => Number(/\/o(\d+)\.(?:ics|vcf)$/.exec(path)?.[1] ?? -1);

/**
 * Makes every collection of the fleet on the server, with its initial objects. Not part of what is measured.
 * @throws DavpulseError when the server cannot be reached, refuses or fails
 */
export async function provision(options: ProvisionOptions): Promise<LiveCollection[]> {
  const { layout, signal } = options;
  const made: LiveCollection[] = [];
  const left = Array.from({ length: layout.collections }, (_, index) => index).values();
  await withConnections(options, async (connection) => {
    for (const index of left) {
      signal.throwIfAborted();
      made[index] = await provisionOne(options, connection, index);
    }
  });
  return made;
}

/** Removes what was made. */
export async function unprovision(
  options: ProvisionOptions,
  collections: readonly LiveCollection[],
): Promise<void> {
  const left = collections.values();
  await withConnections(options, async (connection) => {
    for (const { owner, path } of left) await deleteCollection(sessionOf(connection, owner), path);
  });
}

/** Several lanes, each with a connection of its own, share the work. */
async function withConnections(
  { target, spec, signal }: ProvisionOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connections = Array.from({ length: width }, () => connectTo(target, spec));
  const close = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
  };
  const stopWatching = whenAborted(signal, close);
  try {
    await Promise.all(connections.map(work));
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(target.origin, error);
  } finally {
    stopWatching();
    await close();
  }
}

export const sessionOf = (connection: Connection, credentials: Credentials): Session => ({
  connection,
  credentials,
  now: () => 0,
});

async function provisionOne(
  { spec, layout, target, runName }: ProvisionOptions,
  connection: Connection,
  index: number,
): Promise<LiveCollection> {
  const group = spec.collectionGroups[layout.groupOfCollection[index] ?? 0];
  const user = target.users[ownerOf(layout, index)];
  if (group === undefined || user === undefined) throw new RangeError(`collection ${index} has no owner`);
  const owner = basicCredentials(user.name, user.password);
  const session = sessionOf(connection, owner);
  const account = await discoverAccount(session, target.basePath);
  const holds = group.kind;
  const kind = kindOf(holds);
  const home = kind === 'calendar' ? account.calendarHome : account.addressbookHome;
  if (home === undefined) {
    throw new DavpulseError('DAVPULSE_SERVER_FAILED', `the server names no ${kind} home for ${user.name}`);
  }
  const path = `${home.replace(/\/?$/, '/')}${runName}-${index}/`;
  await createCollection(session, holds, path, `${group.name} ${index}`);
  const found = await readCollectionAt(session, path);
  const isInvited = group.changes.kind === 'scheduling';
  const collection: LiveCollection = {
    index,
    path,
    kind,
    holds,
    owner,
    vapidKey: found?.vapidKey,
    topic: found?.pushTopic,
    address: isInvited ? await takeInvitations(session, account.principal, path) : undefined,
  };
  const size = createSampler(group.objectBytes);
  const key = streamKey(spec.seed, initialSizeStream);
  for (let object = 0; object < group.objects; object += 1) {
    const body = objectBody(holds, { collection: index, object, change: -1 }, size(key, index, object));
    await putObject(session, kind, objectPath(collection, object), body);
  }
  return collection;
}

/** Lets invitations of the owner go to a calendar; gives by what address they are sent. */
async function takeInvitations(session: Session, principal: string, calendar: string): Promise<string> {
  const scheduling = await readScheduling(session, principal);
  if (scheduling === undefined) {
    throw new DavpulseError('DAVPULSE_SERVER_FAILED', `${principal} takes no part in scheduling (RFC 6638)`);
  }
  await setDefaultCalendar(session, scheduling.inbox, calendar);
  return scheduling.address;
}
