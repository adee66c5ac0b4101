import { escapeXml } from '../../xml/index.ts';
import type { Asker } from '../bench/asker.ts';
import type { Bench } from '../bench/bench.ts';
import { document } from '../bench/bodies.ts';
import type { Calendar } from '../bench/calendar.ts';
import { Setback, skip, verdict, type Check } from '../check.ts';

const clause = 'WebDAV-Push draft, security considerations';

async function setShare(bench: Bench, calendar: Calendar, access: string): Promise<void> {
  const principal = bench.site.otherAccount?.principal;
  if (principal === undefined) throw new Setback(skip('needs a second account (--other-user)'));
  const body = document(
    `<D:share-resource><D:sharee><D:href>${escapeXml(principal)}</D:href><D:share-access><D:${access}/></D:share-access></D:sharee></D:share-resource>`,
  );
  const reply = await bench.user.ask({
    method: 'POST',
    target: calendar.path,
    headers: { 'content-type': 'application/davsharing+xml; charset=utf-8' },
    body,
  });
  if (reply.status >= 300)
    throw new Setback(skip('the server shares no collections by POST of share-resource'));
}

/** The path under which the second account sees a collection that was shared with it just now. */
async function sharedWith(bench: Bench, calendar: Calendar, other: Asker): Promise<string> {
  const home = bench.site.otherAccount?.calendarHome;
  if (home === undefined) throw new Setback(skip('the second account has no calendar home'));
  const topic = (await bench.pushProperties(calendar.path)).topic;
  const listed = await bench.members(home, 'P:topic', other);
  const shared = listed.find(({ found }) =>
    found.some(({ name, text }) => name === 'topic' && text.trim() === topic),
  );
  if (topic === undefined || shared === undefined) {
    throw new Setback(skip('the shared collection does not show itself in the home of the second account'));
  }
  return shared.path;
}

/** Collections that two users see. */
export const sharingChecks: readonly Check[] = [
  {
    id: 'share.told',
    clause: 'WebDAV-Push draft, triggers',
    level: 'MUST',
    title: 'Who sees a shared collection is told of the owner’s changes, under the same topic',
    async run(bench) {
      const other = bench.other();
      const calendar = await bench.makeCalendar();
      await setShare(bench, calendar, 'read-write');
      const path = await sharedWith(bench, calendar, other);
      const resource = await bench.openResource();
      await bench.register(path, resource, {}, other);
      await bench.write(calendar, 'shared');
      const { topic } = await bench.readable(resource, 1);
      const { topic: own } = await bench.pushProperties(calendar.path);
      if (topic === undefined) return skip('the message has no topic');
      return verdict(topic === own, `the message has ${topic}, the collection ${own ?? 'none'}`);
    },
  },
  {
    id: 'share.ended',
    clause,
    level: 'MUST',
    title: 'Who may no longer see a collection is no longer told of it',
    async run(bench) {
      const other = bench.other();
      const calendar = await bench.makeCalendar();
      await setShare(bench, calendar, 'read-write');
      const path = await sharedWith(bench, calendar, other);
      const [former, owner] = [await bench.openResource(), await bench.openResource()];
      await bench.register(path, former, {}, other);
      await bench.register(calendar.path, owner);
      await setShare(bench, calendar, 'no-access');
      await bench.settle();
      const before = former.received.length;
      await bench.write(calendar, 'secret');
      await bench.message(owner, 1, 'the change to the owner');
      await bench.settle();
      return verdict(
        former.received.length === before,
        'it was told of a change after the sharing had ended',
      );
    },
  },
  {
    id: 'share.dont-notify',
    clause: 'WebDAV-Push draft, Push-Dont-Notify',
    level: 'SHOULD',
    title: 'Nobody can silence the registration of another user',
    async run(bench) {
      const other = bench.other();
      const calendar = await bench.makeCalendar();
      await setShare(bench, calendar, 'read-write');
      const path = await sharedWith(bench, calendar, other);
      const resource = await bench.openResource();
      const location = bench.locationOf(await bench.register(calendar.path, resource));
      const headers = { 'push-dont-notify': `"${location}"` };
      await bench.write({ ...calendar, path }, 'silenced', 'Silenced', headers, other);
      const told = await bench.messageOrNone(resource, 1);
      return verdict(told !== undefined, 'the owner was not told of the change by the other user');
    },
  },
];
