import { deeds, patientRetries, type ChangeSchedule } from '../../sim/index.ts';
import { deleteObject, putObject, type Connection, type Session } from '../client/index.ts';
import type { LiveDevice, Subscription } from './device.ts';
import { DeviceSession } from './device-session.ts';
import { objectBody } from './object-body.ts';
import type { Invitations } from './invitations.ts';
import type { Retries } from './retries.ts';
import { objectPath, sessionOf, type LiveCollection } from './provision.ts';

export interface WriterWorld {
  readonly schedule: ChangeSchedule;
  /** Meetings are written by their own rules; undefined where there are none. */
  readonly invitations: Invitations | undefined;
  readonly collections: readonly LiveCollection[];
  readonly devices: readonly LiveDevice[];
  /** The server took a change. */
  readonly onCommitted: (change: number, atMs: number) => void;
  /** For changes that arise at the server rather than on a device. */
  readonly elsewhere: Connection;
  readonly now: () => number;
  /** Calls back at an instant. */
  readonly at: (atMs: number, action: () => void) => void;
  /** Tells what this run writes from what others wrote in the same collections. */
  readonly run: string | undefined;
  readonly retries: Retries;
  /** Writers are told of their own changes as well. */
  readonly selfEcho: boolean;
  readonly onLag: (lagMs: number, atMs: number) => void;
  readonly onFailure: (device: number, error: unknown) => void;
}

/** Writes the changes of the schedule, each by its device, with requests that the own device is not pushed about. */
export class Writers {
  readonly #world: WriterWorld;
  /** The last write of each object: two of one object go one after the other, so that their order is known. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(world: WriterWorld) {
    this.#world = world;
  }

  /** Writes one change that should start at `intendedAt`, or once its device is reachable. */
  write(change: number, intendedAt: number): void {
    const { schedule, devices, invitations, now, at, onLag } = this.#world;
    if (invitations?.roleOf(change) === 'server') return;
    const device = devices[schedule.writer[change] ?? -1];
    const onlineAt = device?.onlineAt(intendedAt) ?? intendedAt;
    if (onlineAt > intendedAt) {
      at(onlineAt, () => this.write(change, onlineAt));
      return;
    }
    const startedAt = now();
    onLag(startedAt - intendedAt, startedAt);
    this.#queue(change, intendedAt);
  }

  #queue(change: number, intendedAt: number): void {
    const { schedule, onFailure } = this.#world;
    const key = `${schedule.collection[change] ?? 0}/${schedule.object[change] ?? 0}`;
    const before = this.#last.get(key);
    const written = (
      before === undefined ? this.#put(change, intendedAt) : this.#putAfter(before, change, intendedAt)
    )
      .catch((error: unknown) => onFailure(schedule.writer[change] ?? -1, error))
      .finally(() => {
        this.#underWay.delete(written);
        if (this.#last.get(key) === written) this.#last.delete(key);
      });
    this.#last.set(key, written);
    this.#underWay.add(written);
  }

  /** Waits for the writes under way. */
  async finish(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #putAfter(before: Promise<void>, change: number, intendedAt: number): Promise<void> {
    await before;
    await this.#put(change, intendedAt);
  }

  async #put(change: number, intendedAt: number): Promise<void> {
    const { schedule, collections, devices, elsewhere, retries } = this.#world;
    const index = schedule.collection[change] ?? 0;
    const collection = collections[index];
    if (collection === undefined) throw new RangeError(`no collection ${index}`);
    const device = devices[schedule.writer[change] ?? -1];
    const own = device?.session(collection.owner, intendedAt);
    const isWritten = await retries.make({
      run: (tries) =>
        this.#write(change, collection, own ?? sessionOf(elsewhere, collection.owner), device, tries),
      // What somebody wrote must not be lost.
      rules: device?.retryRules ?? patientRetries,
      insist: true,
      refusedForMs: () => own?.refusedForMs ?? NaN,
      lastStatus: () => own?.lastStatus ?? 0,
      draw: () => 0,
    });
    if (isWritten) this.#committed(change);
  }

  #committed(change: number): void {
    const { invitations, onCommitted, now, at } = this.#world;
    const takenAt = now();
    onCommitted(change, takenAt);
    for (const { row, afterMs } of invitations?.follow(change) ?? []) {
      const followsAt = takenAt + afterMs;
      if (afterMs === 0) onCommitted(row, followsAt);
      else at(followsAt, () => onCommitted(row, followsAt));
    }
  }

  /** Gives whether there was something to write. */
  async #write(
    change: number,
    collection: LiveCollection,
    session: Session,
    device: LiveDevice | undefined,
    tries: number,
  ): Promise<boolean> {
    const { schedule, invitations } = this.#world;
    if (session instanceof DeviceSession) session.lastStatus = 0;
    const path = objectPath(collection, schedule.object[change] ?? 0);
    const subscription = device?.subscriptions.find((each) => each.collection === collection.index);
    const dontNotify = this.#world.selfEcho ? undefined : subscription?.registration?.url;
    const conditions = dontNotify === undefined ? {} : { dontNotify };
    if (invitations?.roleOf(change) === 'user' && session instanceof DeviceSession) {
      const bytes = schedule.bytes[change] ?? 0;
      const sent = await invitations.send(change, bytes, session, device?.index ?? -1, conditions);
      if (sent !== undefined && subscription) keepOwn(subscription, sent.path, sent.etag, change);
      return sent !== undefined;
    }
    if (schedule.deed[change] === deeds.remove) {
      await deleteObject(session, path, conditions);
      subscription?.replica.etags.delete(path);
      return true;
    }
    // A first try that broke off may have created it.
    const isNew = schedule.deed[change] === deeds.create && tries === 1;
    const body = this.#bodyOf(change, collection);
    const how = isNew ? ({ ...conditions, create: true } as const) : conditions;
    const etag = await putObject(session, collection.kind, path, body, how);
    if (subscription !== undefined) keepOwn(subscription, path, etag, change);
    return true;
  }

  #bodyOf(change: number, { holds, index }: LiveCollection): string {
    const { schedule, run } = this.#world;
    const object = schedule.object[change] ?? 0;
    const identity = { collection: index, object, change, ...(run === undefined ? {} : { run }) };
    return objectBody(holds, identity, schedule.bytes[change] ?? 0);
  }
}

/** The writer holds what it wrote; without an ETag in the answer it must fetch to know (RFC 4791 section 5.3.4). */
function keepOwn(subscription: Subscription, path: string, etag: string | undefined, change: number): void {
  const { etags } = subscription.replica;
  if (etag === undefined) etags.delete(path);
  else etags.set(path, etag);
  subscription.written.set(path, change);
}
