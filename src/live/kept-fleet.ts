import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FleetLayout, RunSpec } from '../../sim/index.ts';
import { basicCredentials } from '../client/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { portOf } from './bundled-server.ts';
import { kindOf, type LiveCollection } from './provision.ts';
import type { Target } from './target.ts';

const kept = z.strictObject({
  version: z.literal(1),
  users: z.array(z.strictObject({ name: z.string(), password: z.string() })),
  /** Of the bundled server and its push service, which must be found again where they were. */
  ports: z.strictObject({ server: z.number(), pushService: z.number() }).exactOptional(),
  collections: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.enum(['calendar', 'addressbook', 'tasks']),
      user: z.string(),
      vapidKey: z.string().exactOptional(),
      topic: z.string().exactOptional(),
      address: z.string().exactOptional(),
    }),
  ),
  devices: z.array(
    z.strictObject({
      replicas: z.array(
        z.strictObject({ token: z.string(), etags: z.array(z.tuple([z.string(), z.string()])) }),
      ),
      push: z
        .strictObject({
          agentId: z.string(),
          endpoint: z.string(),
          keys: z.strictObject({ privateKey: z.string(), authSecret: z.string() }),
          registrations: z.array(
            z.union([z.null(), z.strictObject({ url: z.string(), expiresAt: z.number() })]),
          ),
        })
        .exactOptional(),
    }),
  ),
});

/** What a fleet knows at the end of a run, so that the next one goes on from there. */
export type KeptFleet = z.output<typeof kept>;
export type KeptDevice = KeptFleet['devices'][number];

/** Only the bundled server can be killed, and must be found where it was. */
function portsOf({ origin, pushServiceUrl, restart }: Target): Pick<KeptFleet, 'ports'> {
  if (restart === undefined || pushServiceUrl === undefined) return {};
  return { ports: { server: portOf(origin), pushService: portOf(pushServiceUrl) } };
}

const keepCollections = (collections: readonly LiveCollection[]): KeptFleet['collections'] =>
  collections.map(({ path, holds, owner, vapidKey, topic, address }) => ({
    path,
    kind: holds,
    user: owner.user,
    ...(vapidKey === undefined ? {} : { vapidKey }),
    ...(topic === undefined ? {} : { topic }),
    ...(address === undefined ? {} : { address }),
  }));

/** The collections that were kept, with the passwords of their owners. */
export function restoreCollections({ users, collections }: KeptFleet): LiveCollection[] {
  const passwords = new Map(users.map(({ name, password }) => [name, password]));
  return collections.map(({ path, kind: holds, user, vapidKey, topic, address }, index) => ({
    index,
    path,
    kind: kindOf(holds),
    holds,
    owner: basicCredentials(user, passwords.get(user) ?? ''),
    vapidKey,
    topic,
    address,
  }));
}

/** Where the state of one fleet lies, and what it was when the run began. */
export interface FleetState {
  readonly folder: string;
  /** Tells what this run writes from what the runs before it wrote. */
  readonly run: string;
  readonly before: KeptFleet | undefined;
  /** Writes down what the devices know, and how the bundled server is found again. */
  keep(target: Target, collections: readonly LiveCollection[], devices: readonly KeptDevice[]): void;
}

/**
 * The state of the fleet that a spec describes; each fleet has a folder of its own below `folder`, so that the points
 * of a sweep share one where only their policies differ.
 * @throws DavpulseError DAVPULSE_OPTION_INVALID when what is kept there cannot be read
 */
export function openFleetState(folder: string, spec: RunSpec, layout: FleetLayout): FleetState {
  const own = join(folder, fleetName(spec, layout));
  const file = join(own, 'fleet.json');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return {
    folder: own,
    run: randomBytes(4).toString('hex'),
    before: readKept(file),
    keep(target, collections, devices) {
      const fleet: KeptFleet = {
        version: 1,
        users: [...target.users],
        ...portsOf(target),
        collections: keepCollections(collections),
        devices: [...devices],
      };
      // It holds passwords and keys. Renamed, so that a run that is cut off leaves the state before it.
      writeFileSync(`${file}.new`, JSON.stringify(fleet), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function readKept(file: string): KeptFleet | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return kept.parse(JSON.parse(text));
  } catch (cause) {
    throw new DavpulseError(
      'DAVPULSE_OPTION_INVALID',
      `${file} does not hold the state of a fleet as this version keeps it; remove its folder to start anew`,
      { cause },
    );
  }
}

/** Same users, devices and collections, same name. */
function fleetName({ collectionGroups }: RunSpec, layout: FleetLayout): string {
  const hash = createHash('sha256');
  for (const part of [
    layout.groupOfDevice,
    layout.userOfDevice,
    layout.groupOfCollection,
    layout.firstCollection,
    layout.collectionList,
    layout.firstMember,
    layout.memberList,
  ]) {
    hash.update(`${part.length}:`).update(part);
  }
  hash.update(JSON.stringify(collectionGroups.map(({ kind, objects }) => ({ kind, objects }))));
  return `fleet-${hash.digest('hex').slice(0, 12)}`;
}
