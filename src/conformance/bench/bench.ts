import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createPushKeys, parsePushMessage, type PushKeys, type PushMessage } from '../../client/index.ts';
import type { XmlElement } from '../../xml/index.ts';
import { fail, Setback, skip } from '../check.ts';
import type { PushResource, Received } from '../endpoint/push-resource.ts';
import { clearText, readMessage } from '../endpoint/read-message.ts';
import type { RecordingEndpoint } from '../endpoint/recording-endpoint.ts';
import { createAsker, type Asker, type Reply } from './asker.ts';
import {
  cardBody,
  contentTrigger,
  displayNameBody,
  document,
  eventBody,
  registerBody,
  type RegisterParts,
} from './bodies.ts';
import type { Calendar, PushProperties } from './calendar.ts';
import { askProperties, askPushProperties, askSync, type SyncAnswer } from './questions.ts';
import { header, succeeded, type MultistatusPart } from './replies.ts';
import type { Sample } from './sample.ts';
import type { Site } from './site.ts';
import { entry, type Transcript } from './transcript.ts';

export interface WatchedCalendar {
  readonly calendar: Calendar;
  readonly resource: PushResource;
}

const dayMs = 86_400_000;
/** Beyond the usual delay of a message, for one that should not come. */
const graceMs = 120;

/** What one check works with: collections, push resources and a transcript of its own. */
export class Bench {
  readonly site: Site;
  readonly transcript: Transcript = [];
  readonly user: Asker;
  #endpoint: Promise<RecordingEndpoint> | undefined;
  #fence: Promise<WatchedCalendar> | undefined;

  constructor(site: Site) {
    this.site = site;
    this.user = createAsker(site.wire, site.login, this.transcript);
  }

  /** The second account; ends the check when none was given. */
  other(): Asker {
    const { wire, other } = this.site;
    if (other === undefined) throw new Setback(skip('needs a second account (--other-user)'));
    return createAsker(wire, other, this.transcript);
  }

  /** What the shared sample saw; its transcript becomes part of this check's. */
  async sample(): Promise<Sample> {
    const sample = await this.site.sample();
    this.transcript.push(...sample.transcript);
    return sample;
  }

  /** The first message of the sample; ends the check when there was none. */
  async sampleMessage(): Promise<{ sample: Sample; received: Received; message: () => XmlElement }> {
    const sample = await this.sample();
    const received = sample.first;
    if (received === undefined) throw new Setback(skip('the server sent no push message'));
    return { sample, received, message: () => readMessage(sample.resource.keys, received) };
  }

  async makeCalendar(): Promise<Calendar> {
    const { calendarHome } = this.site.account;
    if (calendarHome === undefined) throw new Setback(skip('the account has no calendar home'));
    const path = `${calendarHome}${newName()}/`;
    const body = document(
      '<C:mkcalendar><D:set><D:prop><D:displayname>davpulse conformance</D:displayname></D:prop></D:set></C:mkcalendar>',
    );
    return await this.#make({ path, kind: 'calendar' }, 'MKCALENDAR', body);
  }

  async makeAddressbook(): Promise<Calendar> {
    const { addressbookHome } = this.site.account;
    if (addressbookHome === undefined) throw new Setback(skip('the account has no address book home'));
    const path = `${addressbookHome}${newName()}/`;
    const body = document(
      '<D:mkcol><D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype><D:displayname>davpulse conformance</D:displayname></D:prop></D:set></D:mkcol>',
    );
    return await this.#make({ path, kind: 'addressbook' }, 'MKCOL', body);
  }

  /** Writes an object; the same name again overwrites it. */
  async write(
    collection: Calendar,
    name: string,
    summary = 'Conformance',
    headers: Readonly<Record<string, string | string[]>> = {},
    asker: Asker = this.user,
  ): Promise<Reply> {
    const isCalendar = collection.kind === 'calendar';
    const uid = `${name}-davpulse`;
    return succeeded(
      await asker.ask({
        method: 'PUT',
        target: objectPath(collection, name),
        headers: { 'content-type': isCalendar ? 'text/calendar; charset=utf-8' : 'text/vcard', ...headers },
        body: isCalendar ? eventBody(uid, summary) : cardBody(uid),
      }),
      'the PUT of an object',
    );
  }

  async rename(
    collection: Calendar,
    name: string,
    headers: Readonly<Record<string, string | string[]>> = {},
  ): Promise<Reply> {
    const request = {
      method: 'PROPPATCH',
      target: collection.path,
      headers: { 'content-type': 'application/xml', ...headers },
      body: displayNameBody(name),
    };
    return succeeded(await this.user.ask(request), 'the PROPPATCH of displayname');
  }

  /** Properties of one resource that were found; names prefixed as in `bodies.ts`. */
  async properties(path: string, ...names: string[]): Promise<readonly XmlElement[]> {
    const [part] = await askProperties(this.user, path, '0', names);
    return part?.found ?? [];
  }

  pushProperties(path: string): Promise<PushProperties> {
    return askPushProperties(this.user, path);
  }

  /** The resource and its members, with a property each. */
  members(path: string, name: string, asker: Asker = this.user): Promise<readonly MultistatusPart[]> {
    return askProperties(asker, path, '1', [name]);
  }

  sync(path: string, token: string, limit?: number): Promise<SyncAnswer> {
    return askSync(this.user, path, token, limit);
  }

  /** A push resource on this check's own endpoint. */
  async openResource(): Promise<PushResource> {
    const endpoint = await this.endpoint();
    return endpoint.open((received) => {
      const line = `${received.method} (push resource)`;
      this.transcript.push(entry('push', line, received.headers, `${received.body.length} octets`));
    });
  }

  endpoint(): Promise<RecordingEndpoint> {
    this.#endpoint ??= this.site.endpoint();
    return this.#endpoint;
  }

  /** Asks for a registration; the answer is the check's to judge. */
  async tryRegister(
    path: string,
    resource: PushResource,
    parts: Partial<RegisterParts> = {},
    asker: Asker = this.user,
  ): Promise<Reply> {
    const reply = await asker.ask({
      method: 'POST',
      target: path,
      headers: { 'content-type': 'application/xml; charset=utf-8' },
      body: registerBody({
        pushResource: resource.url,
        keys: resource.keys,
        contentEncoding: 'aes128gcm',
        triggers: contentTrigger('1'),
        expiresAt: Date.now() + 3 * dayMs,
        ...parts,
      }),
    });
    const location = header(reply, 'location');
    if (reply.status < 300 && location !== undefined) this.#removeLater(asker, location);
    return reply;
  }

  /** Registers; ends the check when the server does not want to. */
  async register(
    path: string,
    resource: PushResource,
    parts: Partial<RegisterParts> = {},
    asker: Asker = this.user,
  ): Promise<Reply> {
    return succeeded(await this.tryRegister(path, resource, parts, asker), 'the registration');
  }

  /** A new calendar, and a push resource that is told of its changes. */
  async watchedCalendar(parts: Partial<RegisterParts> = {}): Promise<WatchedCalendar> {
    const calendar = await this.makeCalendar();
    const resource = await this.openResource();
    await this.register(calendar.path, resource, parts);
    return { calendar, resource };
  }

  /** The registration URL in an answer; ends the check when there is none. */
  locationOf(reply: Reply): string {
    const location = header(reply, 'location');
    if (location === undefined) throw new Setback(skip('the registration was answered without Location'));
    return location;
  }

  unregister(location: string, asker: Asker = this.user): Promise<Reply> {
    return asker.ask({ method: 'DELETE', target: location });
  }

  /** The `count`th message to a resource, or undefined when it did not come in time. */
  messageOrNone(resource: PushResource, count: number): Promise<Received | undefined> {
    return resource.find((_, place) => place === count - 1, this.site.waitMs, this.site.signal);
  }

  /** The `count`th message; ends the check when it does not come. */
  async message(resource: PushResource, count = 1, what = 'the change'): Promise<Received> {
    const received = await this.messageOrNone(resource, count);
    if (received !== undefined) return received;
    throw new Setback(fail(`no push message told of ${what} within ${this.site.waitMs} ms`));
  }

  /** What the `count`th message says. Ends the check when it does not come or cannot be read. */
  async readable(resource: PushResource, count: number): Promise<PushMessage> {
    return this.parse(resource.keys, await this.message(resource, count));
  }

  /** Ends the check when the message cannot be read, which is for other checks to tell. */
  parse(keys: PushKeys, received: Received): PushMessage {
    const text = clearText(keys, received);
    if (text === undefined) throw new Setback(skip('the message cannot be decrypted'));
    this.transcript.push(entry('push', 'decrypted', {}, text));
    try {
      return parsePushMessage(text);
    } catch {
      throw new Setback(skip('the message is not XML'));
    }
  }

  /** Gives the subscription new keys, for the next registration to tell. */
  renewKeys(resource: PushResource): void {
    resource.keys = createPushKeys();
  }

  /** Lets time pass. */
  async pause(ms: number): Promise<void> {
    await delay(Math.max(0, ms), undefined, { signal: this.site.signal });
  }

  /**
   * Waits until everything that the server owed before this call must have been sent: until a change made now, in a
   * collection that nothing else concerns, has been told. So no fixed time has to be right.
   */
  async settle(): Promise<void> {
    this.#fence ??= this.#makeFence();
    const { calendar, resource } = await this.#fence;
    const before = resource.received.length;
    await this.write(calendar, 'fence', randomBytes(4).toString('hex'));
    const received = await this.messageOrNone(resource, before + 1);
    if (received === undefined) throw new Setback(skip('the server sent no push message to compare with'));
    await this.pause(graceMs);
  }

  async #makeFence(): Promise<WatchedCalendar> {
    const calendar = await this.makeCalendar();
    // An endpoint of its own: those of the check may be made to fail.
    const resource = (await this.site.endpoint()).open();
    await this.register(calendar.path, resource);
    return { calendar, resource };
  }

  async #make(collection: Calendar, method: string, body: string): Promise<Calendar> {
    const { path } = collection;
    const headers = { 'content-type': 'application/xml; charset=utf-8' };
    this.site.cleanup.add(path, () => removeWhole(this.user, path));
    const { status } = await this.user.ask({ method, target: path, headers, body });
    if (status >= 300)
      throw new Setback(skip(`the account may not make collections: ${method} gave ${status}`));
    return collection;
  }

  #removeLater(asker: Asker, location: string): void {
    const { wire, cleanup } = this.site;
    if (URL.parse(location, wire.origin)?.origin !== wire.origin) return;
    cleanup.add(location, () => asker.ask({ method: 'DELETE', target: location }));
  }
}

export const objectPath = ({ path, kind }: Calendar, name: string): string =>
  `${path}${name}.${kind === 'calendar' ? 'ics' : 'vcf'}`;

const newName = (): string => `davpulse-conformance-${randomBytes(6).toString('hex')}`;

async function removeWhole(asker: Asker, path: string): Promise<void> {
  const { status } = await asker.ask({ method: 'DELETE', target: path });
  if (status >= 400 && status !== 404 && status !== 410) throw new Error(`DELETE ${path}: ${status}`);
}
