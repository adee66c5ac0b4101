import { child, ns, parseXml, type XmlElement } from '../../xml/index.ts';
import { objectPath, type Bench, type WatchedCalendar } from '../bench/bench.ts';
import { propertyTrigger, contentTrigger } from '../bench/bodies.ts';
import { triggerDepth } from '../bench/calendar.ts';
import { succeeded } from '../bench/replies.ts';
import { clearText } from '../endpoint/read-message.ts';
import { fail, pass, Setback, skip, verdict, type Check } from '../check.ts';

const clause = 'WebDAV-Push draft, push messages';
const triggerClause = 'WebDAV-Push draft, triggers';
const bothTriggers = contentTrigger('1') + propertyTrigger('0');

function rootOf(text: string): XmlElement | undefined {
  try {
    return parseXml(text);
  } catch {
    return undefined;
  }
}

/** A calendar watched for changed properties; ends the check where the server does not tell of them. */
async function watchedForProperties(bench: Bench, triggers: string): Promise<WatchedCalendar> {
  const calendar = await bench.makeCalendar();
  const supported = (await bench.pushProperties(calendar.path)).triggers;
  if (triggerDepth(supported, 'property-update') === undefined)
    throw new Setback(skip('property-update is not supported'));
  const resource = await bench.openResource();
  await bench.register(calendar.path, resource, { triggers });
  return { calendar, resource };
}

/** What push messages say, and of what they tell. */
export const messageChecks: readonly Check[] = [
  {
    id: 'message.create',
    clause: triggerClause,
    level: 'MUST',
    title: 'A new object makes a push message',
    async run(bench) {
      const { first } = await bench.sample();
      return verdict(first !== undefined, `none came within ${bench.site.waitMs} ms`);
    },
  },
  {
    id: 'message.modify',
    clause: triggerClause,
    level: 'MUST',
    title: 'A changed object makes a push message with content-update',
    async run(bench) {
      const { sample } = await bench.sampleMessage();
      if (sample.second === undefined) return skip('the second message did not come');
      const message = bench.parse(sample.resource.keys, sample.second);
      return verdict(message.contentUpdate, 'the message holds no content-update');
    },
  },
  {
    id: 'message.delete',
    clause: triggerClause,
    level: 'MUST',
    title: 'A removed object makes a push message with content-update',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'doomed');
      await bench.settle();
      const resource = await bench.openResource();
      await bench.register(calendar.path, resource, { triggers: bothTriggers });
      const target = objectPath(calendar, 'doomed');
      succeeded(await bench.user.ask({ method: 'DELETE', target }), 'the DELETE of an object');
      const message = await bench.readable(resource, 1);
      return verdict(message.contentUpdate, 'the message holds no content-update');
    },
  },
  {
    id: 'message.collection-removed',
    clause: triggerClause,
    level: 'SHOULD',
    title: 'Who watches a collection is told that it was removed',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      succeeded(
        await bench.user.ask({ method: 'DELETE', target: calendar.path }),
        'the DELETE of a collection',
      );
      const message = await bench.readable(resource, 1);
      return verdict(message.contentUpdate, 'the message holds no content-update');
    },
  },
  {
    id: 'message.root',
    clause,
    level: 'MUST',
    title: 'The message is a push-message element of the WebDAV-Push namespace',
    async run(bench) {
      const { sample, received } = await bench.sampleMessage();
      const text = clearText(sample.resource.keys, received);
      if (text === undefined) return skip('the message cannot be decrypted');
      const root = rootOf(text);
      if (root === undefined) return fail('the message is not XML');
      const right = root.ns === ns.push && root.name === 'push-message';
      return verdict(right, `its root is {${root.ns}}${root.name}`);
    },
  },
  {
    id: 'message.topic',
    clause,
    level: 'MUST',
    title: 'The message has the topic of the collection that changed',
    async run(bench) {
      const { sample, message } = await bench.sampleMessage();
      const root = message();
      const { topic } = await bench.pushProperties(sample.calendar.path);
      if (root.ns !== ns.push || topic === undefined)
        return skip('there is no push-message or no topic property');
      const told = child(root, ns.push, 'topic')?.text.trim();
      return verdict(told === topic, `the property says ${topic}, the message ${told ?? 'nothing'}`);
    },
  },
  {
    id: 'message.content-update',
    clause,
    level: 'MUST',
    title: 'The message about a new object holds content-update',
    async run(bench) {
      const root = (await bench.sampleMessage()).message();
      if (root.ns !== ns.push) return skip('there is no push-message');
      return verdict(child(root, ns.push, 'content-update') !== undefined, 'it holds none');
    },
  },
  {
    id: 'message.sync-token',
    clause,
    level: 'SHOULD',
    title: 'content-update holds a sync token',
    async run(bench) {
      const root = (await bench.sampleMessage()).message();
      const update = child(root, ns.push, 'content-update');
      if (update === undefined) return skip('there is no content-update');
      return verdict((child(update, ns.dav, 'sync-token')?.text.trim() ?? '') !== '', 'it holds none');
    },
  },
  {
    id: 'message.sync-token-current',
    clause: 'WebDAV-Push draft, push messages; RFC 6578 section 3.2',
    level: 'MUST',
    title: 'The sync token in the message is the one of the change that it tells of',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      await bench.write(calendar, 'token');
      const { syncToken } = await bench.readable(resource, 1);
      if (syncToken === undefined) return skip('the message holds no sync token');
      const report = await bench.sync(calendar.path, syncToken);
      if (report.status !== 207) return fail('sync-collection does not know the token');
      const listed = report.parts.filter(({ path }) => path !== calendar.path).length;
      return verdict(listed === 0, 'after the token the change is still to come');
    },
  },
  {
    id: 'message.property',
    clause: triggerClause,
    level: 'MUST',
    title: 'A changed property makes a message with property-update for who asked for it',
    async run(bench) {
      const { calendar, resource } = await watchedForProperties(bench, propertyTrigger('0'));
      await bench.rename(calendar, 'a new name');
      const message = await bench.readable(resource, 1);
      return verdict(message.propertyUpdate, 'the message holds no property-update');
    },
  },
  {
    id: 'message.only-content',
    clause: triggerClause,
    level: 'MUST',
    title: 'Who asked for content updates only is not told of properties',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      await bench.rename(calendar, 'a new name');
      await bench.settle();
      if (resource.received.length === 0) return pass();
      const message = await bench.readable(resource, 1);
      return verdict(!message.propertyUpdate, 'it was told of a property-update');
    },
  },
  {
    id: 'message.only-property',
    clause: triggerClause,
    level: 'MUST',
    title: 'Who asked for property updates only is not told of content',
    async run(bench) {
      const { calendar, resource } = await watchedForProperties(bench, propertyTrigger('0'));
      await bench.write(calendar, 'content');
      await bench.settle();
      return verdict(resource.received.length === 0, 'it was told of the change of an object');
    },
  },
  {
    id: 'message.other-collection',
    clause: triggerClause,
    level: 'MUST',
    title: 'A registration is not told of changes in another collection',
    async run(bench) {
      const [watched, elsewhere] = [await bench.makeCalendar(), await bench.makeCalendar()];
      const resource = await bench.openResource();
      await bench.register(watched.path, resource);
      await bench.write(elsewhere, 'elsewhere');
      await bench.settle();
      return verdict(resource.received.length === 0, 'it was');
    },
  },
  {
    id: 'message.merged-kinds',
    clause: 'WebDAV-Push draft, server load',
    level: 'MUST',
    title: 'When messages are merged, content and property updates are both told',
    async run(bench) {
      const { calendar, resource } = await watchedForProperties(bench, bothTriggers);
      await Promise.all([bench.rename(calendar, 'both'), bench.write(calendar, 'both')]);
      await bench.message(resource);
      await bench.settle();
      const messages = resource.received.map((received) => bench.parse(resource.keys, received));
      const content = messages.some(({ contentUpdate }) => contentUpdate);
      const property = messages.some(({ propertyUpdate }) => propertyUpdate);
      return verdict(content && property, `the ${property ? 'content' : 'property'} update was lost`);
    },
  },
  {
    id: 'message.burst',
    clause: 'WebDAV-Push draft, server load',
    level: 'SHOULD',
    title: 'Many changes made at once make fewer messages',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      const names = Array.from({ length: 12 }, (_, index) => `burst-${index}`);
      await Promise.all(names.map((name) => bench.write(calendar, name)));
      await bench.message(resource);
      await bench.settle();
      const { length } = resource.received;
      return verdict(length < names.length, `${names.length} changes made ${length} messages`);
    },
  },
  {
    id: 'message.last-change',
    clause: 'WebDAV-Push draft, server load',
    level: 'MUST',
    title: 'After many changes the last one has been told too',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      for (const name of ['one', 'two', 'three', 'four']) await bench.write(calendar, name);
      await bench.message(resource);
      await bench.settle();
      const tokens = resource.received.map((received) => bench.parse(resource.keys, received).syncToken);
      const last = tokens.at(-1);
      if (last === undefined) return skip('the messages hold no sync token');
      const report = await bench.sync(calendar.path, last);
      if (report.status !== 207) return skip('sync-collection does not know the token of the message');
      const listed = report.parts.filter(({ path }) => path !== calendar.path).length;
      return verdict(listed === 0, `${listed} changes came after the last message`);
    },
  },
  {
    id: 'message.no-change',
    clause: triggerClause,
    level: 'SHOULD',
    title: 'Reading, and registering itself, make no message',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'read');
      await bench.settle();
      const resource = await bench.openResource();
      await bench.register(calendar.path, resource);
      await bench.user.ask({ method: 'GET', target: objectPath(calendar, 'read') });
      await bench.pushProperties(calendar.path);
      await bench.settle();
      return verdict(resource.received.length === 0, 'it did');
    },
  },
];
