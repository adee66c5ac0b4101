import { invitationsOf, type ChangeSchedule, type FleetLayout, type RunSpec } from '../../sim/index.ts';
import { multiget, putObject, type FetchedObject, type WriteConditions } from '../client/index.ts';
import type { DeviceSession } from './device-session.ts';
import { acceptedBy, meetingBody, meetingUid, readMeeting } from './meeting.ts';
import type { LiveCollection } from './provision.ts';

/** One change of a meeting: its row in the schedule and what it is. */
interface Step {
  readonly row: number;
  readonly role: 'invite' | 'deliver' | 'answer' | 'reply' | 'refresh';
  readonly collection: number;
  readonly about: number;
  readonly atMs: number;
}

interface MeetingPlan {
  readonly uid: string;
  readonly organiser: number;
  readonly steps: Step[];
}

/** A change that the server makes because of one that it took, and how long after. */
export interface Consequence {
  readonly row: number;
  readonly afterMs: number;
}

/** What a user wrote, and where. */
export interface Written {
  readonly path: string;
  readonly etag: string | undefined;
}

const preconditionFailed = 412;

/** The bundled server shows an answer to so many others every so often. */
export const refreshing = { waveSize: 5, waveMs: 5000, mostRefreshed: 50 } as const;
const marginMs = 1000;

/**
 * Meetings of a live run: users write invitations and answers, and the server's own scheduling (RFC 6638) does the
 * rest. What a device has learned is told by the copies that it receives: that it is there, and who has accepted.
 */
export class Invitations {
  readonly #collections: readonly LiveCollection[];
  readonly #byUid = new Map<string, MeetingPlan>();
  readonly #byRow = new Map<number, { readonly meeting: MeetingPlan; readonly step: Step }>();
  readonly #copies = new Map<string, FetchedObject>();
  readonly #waiting = new Map<string, PromiseWithResolvers<FetchedObject | undefined>>();
  #isOver = false;
  #largest = 0;
  #answeredAt = -Infinity;

  private constructor(collections: readonly LiveCollection[]) {
    this.#collections = collections;
  }

  /** The meetings of a spec; undefined when there are none. */
  static of(
    spec: RunSpec,
    layout: FleetLayout,
    schedule: ChangeSchedule,
    collections: readonly LiveCollection[],
  ): Invitations | undefined {
    if (!spec.collectionGroups.some(({ changes }) => changes.kind === 'scheduling')) return undefined;
    const invitations = new Invitations(collections);
    const rows = rowsByInstant(schedule);
    for (const { atMs, collection, byServer, organiser, nth, role, about } of invitationsOf(spec, layout)) {
      const row = rows.get(instantKey(atMs, collection, byServer))?.shift();
      if (row === undefined) throw new RangeError('an invitation that is not in the schedule');
      invitations.#add(organiser, nth, { row, role, collection, about, atMs });
    }
    return invitations;
  }

  #add(organiser: number, nth: number, step: Step): void {
    const uid = meetingUid(organiser, nth);
    const meeting = this.#byUid.get(uid) ?? { uid, organiser, steps: [] };
    this.#byUid.set(uid, meeting);
    meeting.steps.push(step);
    this.#byRow.set(step.row, { meeting, step });
    this.#largest = Math.max(this.#largest, attendeesOf(meeting).length);
  }

  /** What is to be made of a change: users write, the server follows, all else is not of a meeting. */
  roleOf(change: number): 'user' | 'server' | undefined {
    const step = this.#byRow.get(change)?.step;
    if (step === undefined) return undefined;
    return step.role === 'invite' || step.role === 'answer' ? 'user' : 'server';
  }

  /** The schedule with each change of a meeting apart from the others: none supersedes another. */
  apart(schedule: ChangeSchedule): ChangeSchedule {
    const object = Int32Array.from(schedule.object);
    const free = object.reduce((most, each) => Math.max(most, each), 0) + 1;
    for (const row of this.#byRow.keys()) object[row] = free + row;
    return { ...schedule, object };
  }

  /** Invites or answers. An answer waits for the invitation to reach its device; undefined when it does not. */
  async send(
    change: number,
    bytes: number,
    session: DeviceSession,
    device: number,
    conditions: WriteConditions,
  ): Promise<Written | undefined> {
    const { meeting, step } = this.#stepOf(change);
    const own = this.#collectionAt(step.collection);
    if (step.role === 'invite') {
      const path = `${own.path}${meeting.uid}.ics`;
      const etag = await putObject(session, 'calendar', path, this.#bodyOf(meeting, bytes), conditions);
      return { path, etag };
    }
    const copy = await this.#copyFor(device, meeting.uid);
    if (copy === undefined) return undefined;
    const written = await answer(session, own, copy, conditions);
    this.#answeredAt = performance.now();
    return written;
  }

  /** What the server does after it took a change of a user. */
  follow(change: number): Consequence[] {
    const found = this.#byRow.get(change);
    if (found === undefined) return [];
    const { meeting, step } = found;
    const follows = (other: Step): boolean =>
      step.role === 'invite'
        ? other.role === 'deliver'
        : other.about === step.about && (other.role === 'reply' || other.role === 'refresh');
    return meeting.steps
      .filter(follows)
      .map(({ row, atMs }) => ({ row, afterMs: Math.max(0, atMs - step.atMs) }));
  }

  /** Which changes a copy shows that a device received in one of its collections. */
  learn(device: number, collection: number, copy: FetchedObject): number[] {
    const seen = readMeeting(copy.data);
    const meeting = seen && this.#byUid.get(seen.uid);
    if (seen === undefined || meeting === undefined) return [];
    this.#keep(`${device}/${seen.uid}`, copy);
    return meeting.steps
      .filter((step) => step.collection === collection)
      .filter(({ role, about }) => {
        return role === 'invite' || role === 'deliver' || seen.accepted.has(this.#addressAt(about));
      })
      .map(({ row }) => row);
  }

  /** Answers that still wait for their invitations are not given. */
  end(): void {
    this.#isOver = true;
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  /** Waits until the server has shown the last answer to everybody. */
  async settled(signal: AbortSignal): Promise<void> {
    const { waveSize, waveMs } = refreshing;
    const untilMs = this.#answeredAt + (Math.ceil(this.#largest / waveSize) + 1) * waveMs + marginMs;
    while (performance.now() < untilMs) {
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, untilMs - performance.now())));
    }
  }

  #keep(key: string, copy: FetchedObject): void {
    this.#copies.set(key, copy);
    this.#waiting.get(key)?.resolve(copy);
    this.#waiting.delete(key);
  }

  async #copyFor(device: number, uid: string): Promise<FetchedObject | undefined> {
    const key = `${device}/${uid}`;
    const held = this.#copies.get(key);
    if (held !== undefined || this.#isOver) return held;
    const waiting = this.#waiting.get(key) ?? Promise.withResolvers<FetchedObject | undefined>();
    this.#waiting.set(key, waiting);
    return await waiting.promise;
  }

  #bodyOf(meeting: MeetingPlan, bytes: number): string {
    const organizer = addressOf(this.#collectionAt(meeting.organiser));
    const attendees = attendeesOf(meeting).map((collection) => addressOf(this.#collectionAt(collection)));
    return meetingBody(meeting.uid, organizer, attendees, bytes);
  }

  #stepOf(change: number) {
    const found = this.#byRow.get(change);
    if (found === undefined) throw new RangeError(`change ${change} is of no meeting`);
    return found;
  }

  #collectionAt(index: number): LiveCollection {
    const found = this.#collections[index];
    if (found === undefined) throw new RangeError(`no collection ${index}`);
    return found;
  }

  #addressAt = (collection: number): string => addressOf(this.#collectionAt(collection)).toLowerCase();
}

/**
 * Accepts, unless the copy at the server is another by now: then the newer one is fetched and accepted, as it shows
 * what others have answered.
 */
async function answer(
  session: DeviceSession,
  own: LiveCollection,
  copy: FetchedObject,
  conditions: WriteConditions,
): Promise<Written | undefined> {
  const { href: path, etag: ifMatch, data } = copy;
  const body = acceptedBy(data, addressOf(own));
  try {
    return { path, etag: await putObject(session, 'calendar', path, body, { ...conditions, ifMatch }) };
  } catch (error) {
    if (session.lastStatus !== preconditionFailed) throw error;
  }
  const [newer] = await multiget(session, 'calendar', own.path, [path]);
  return newer === undefined ? undefined : await answer(session, own, newer, conditions);
}

const attendeesOf = ({ steps }: MeetingPlan): number[] =>
  steps.filter(({ role }) => role === 'deliver').map(({ collection }) => collection);

function addressOf({ address, path }: LiveCollection): string {
  if (address === undefined) throw new RangeError(`nobody can be invited to ${path}`);
  return address;
}

const instantKey = (atMs: number, collection: number, byServer: boolean): string =>
  `${Math.round(atMs * 1000)}/${collection}/${byServer ? 's' : 'd'}`;

function rowsByInstant({ count, atMs, collection, writer }: ChangeSchedule): Map<string, number[]> {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Map.groupBy(rows, (row) =>
    instantKey(atMs[row] ?? 0, collection[row] ?? 0, (writer[row] ?? -1) < 0),
  );
}
