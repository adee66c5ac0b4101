import { ns } from '../../xml/index.ts';
import { objectPath } from '../bench/bench.ts';
import { clearText } from '../endpoint/read-message.ts';
import { header, hasCondition, shown, succeeded } from '../bench/replies.ts';
import { fail, pass, skip, verdict, type Check } from '../check.ts';

const clause = 'WebDAV-Push draft, subscription management';
const dayMs = 86_400_000;
const imfFixdate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The answer to a registration that nothing is wrong with. */
export const registrationChecks: readonly Check[] = [
  {
    id: 'register.status',
    clause,
    level: 'MUST',
    title: 'A registration is answered with 201 or 204',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const reply = await bench.tryRegister(calendar.path, await bench.openResource());
      return verdict(reply.status === 201 || reply.status === 204, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'register.location',
    clause,
    level: 'MUST',
    title: 'The answer has the registration URL in Location, absolute',
    async run(bench) {
      const location = header((await bench.sample()).registration, 'location');
      if (location === undefined) return fail('there is no Location');
      return verdict(URL.canParse(location), `Location is not an absolute URL: ${location}`);
    },
  },
  {
    id: 'register.expires',
    clause,
    level: 'MUST',
    title: 'The answer has the real expiry in Expires, as a date of HTTP, not later than asked',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const askedAt = Date.now() + 3 * dayMs;
      const resource = await bench.openResource();
      const reply = await bench.register(calendar.path, resource, { expiresAt: askedAt });
      const expires = header(reply, 'expires');
      if (expires === undefined) return fail('there is no Expires');
      if (!imfFixdate.test(expires)) return fail(`Expires is not a date as RFC 9110 wants it: ${expires}`);
      const at = Date.parse(expires);
      return verdict(at > Date.now() && at <= askedAt + 1000, `Expires is ${expires}`);
    },
  },
  {
    id: 'register.three-days',
    clause: 'WebDAV-Push draft, expiration',
    level: 'SHOULD',
    title: 'A registration for three days is granted three days',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const expiresAt = Date.now() + 3 * dayMs;
      const resource = await bench.openResource();
      const reply = await bench.register(calendar.path, resource, { expiresAt });
      const granted = Date.parse(header(reply, 'expires') ?? '');
      if (Number.isNaN(granted)) return skip('there is no Expires');
      return verdict(granted >= expiresAt - 60_000, `only until ${new Date(granted).toUTCString()}`);
    },
  },
  {
    id: 'register.no-expiry',
    clause,
    level: 'MUST',
    title: 'A registration that asks for no expiry gets one',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const reply = await bench.register(calendar.path, resource, { expiresAt: undefined });
      const granted = Date.parse(header(reply, 'expires') ?? '');
      return verdict(granted > Date.now(), 'there is no Expires in the future');
    },
  },
  {
    id: 'register.update',
    clause,
    level: 'MUST',
    title: 'The same push resource posted again updates the registration and makes no second one',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const first = header(await bench.register(calendar.path, resource), 'location');
      const second = header(await bench.register(calendar.path, resource), 'location');
      await bench.write(calendar, 'once');
      await bench.message(resource);
      await bench.settle();
      if (resource.received.length > 1) return fail(`one change made ${resource.received.length} messages`);
      if (first === undefined || second === undefined) return pass();
      return verdict(first === second, 'the registration URL changed');
    },
  },
  {
    id: 'register.new-keys',
    clause,
    level: 'MUST',
    title: 'New encryption keys of a subscription replace the old ones',
    async run(bench) {
      const { calendar, resource } = await bench.watchedCalendar();
      bench.renewKeys(resource);
      await bench.register(calendar.path, resource);
      await bench.write(calendar, 'rekeyed');
      const readable = clearText(resource.keys, await bench.message(resource)) !== undefined;
      return verdict(readable, 'the message cannot be decrypted with the new keys');
    },
  },
  {
    id: 'register.two-subscriptions',
    clause,
    level: 'MUST',
    title: 'Two subscriptions to one collection are both told',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const [one, two] = [await bench.openResource(), await bench.openResource()];
      await bench.register(calendar.path, one);
      await bench.register(calendar.path, two);
      await bench.write(calendar, 'both');
      await bench.message(one, 1, 'the change to the first');
      await bench.message(two, 1, 'the change to the second');
      return pass();
    },
  },
  {
    id: 'register.two-collections',
    clause,
    level: 'MUST',
    title: 'One push resource can watch two collections, each under its own topic',
    async run(bench) {
      const [here, there] = [await bench.makeCalendar(), await bench.makeCalendar()];
      const resource = await bench.openResource();
      await bench.register(here.path, resource);
      await bench.register(there.path, resource);
      const topics = [await bench.pushProperties(here.path), await bench.pushProperties(there.path)].map(
        ({ topic }) => topic,
      );
      if (topics[0] === undefined || topics[0] === topics[1]) return skip('the topics do not differ');
      await bench.write(here, 'here');
      const first = await bench.readable(resource, 1);
      await bench.write(there, 'there');
      const second = await bench.readable(resource, 2);
      if (first.topic === undefined || second.topic === undefined) return skip('the messages have no topic');
      return verdict(
        first.topic === topics[0] && second.topic === topics[1],
        'a message does not carry the topic of the collection that changed',
      );
    },
  },
  {
    id: 'register.unknown-element',
    clause: 'RFC 4918 section 17',
    level: 'MUST',
    title: 'Elements that the server does not know are ignored',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const extra = '<X:unknown xmlns:X="urn:davpulse:conformance">1</X:unknown>';
      const reply = await bench.tryRegister(calendar.path, resource, { extra });
      return verdict(reply.status < 300, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'register.depth-lowered',
    clause: 'WebDAV-Push draft, triggers',
    level: 'MUST',
    title: 'A depth above the supported one is lowered, not refused',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const triggers = '<P:content-update><D:depth>infinity</D:depth></P:content-update>';
      const reply = await bench.tryRegister(calendar.path, resource, { triggers });
      if (reply.status >= 300) return fail(`the answer is ${shown(reply)}`);
      await bench.write(calendar, 'deep');
      await bench.message(resource);
      return pass();
    },
  },
  {
    id: 'register.home',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'A registration on the calendar home is told of a new calendar in it',
    async run(bench) {
      const home = bench.site.account.calendarHome;
      if (home === undefined) return skip('the account has no calendar home');
      const { triggers } = await bench.pushProperties(home);
      if (triggers === undefined) return skip('the home is not push-capable');
      const resource = await bench.openResource();
      await bench.register(home, resource);
      await bench.makeCalendar();
      await bench.message(resource, 1, 'the new calendar');
      return pass();
    },
  },
  {
    id: 'register.addressbook',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'A registration on an address book is told of a new contact',
    async run(bench) {
      const addressbook = await bench.makeAddressbook();
      const { triggers } = await bench.pushProperties(addressbook.path);
      if (triggers === undefined) return skip('address books are not push-capable');
      const resource = await bench.openResource();
      await bench.register(addressbook.path, resource);
      await bench.write(addressbook, 'contact');
      await bench.message(resource, 1, 'the new contact');
      return pass();
    },
  },
  {
    id: 'register.unguessable',
    clause: 'WebDAV-Push draft, security considerations; RFC 8030 section 8.3',
    level: 'SHOULD',
    title: 'Registration URLs cannot be guessed from one another',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const urls = [];
      for (const resource of [await bench.openResource(), await bench.openResource()]) {
        urls.push(bench.locationOf(await bench.register(calendar.path, resource)));
      }
      const [one = '', two = ''] = urls.map((url) => url.replace(/\/$/, '').split('/').at(-1));
      return verdict(one.length >= 12 && two.length >= 12 && one !== two, `they end in ${one} and ${two}`);
    },
  },
  {
    id: 'register.object',
    clause,
    level: 'MUST',
    title: 'A resource that is not push-capable refuses with push-not-available',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'object');
      const path = objectPath(calendar, 'object');
      if ((await bench.pushProperties(path)).transports !== undefined) {
        return skip('single objects are push-capable here');
      }
      const reply = await bench.tryRegister(path, await bench.openResource());
      return verdict(
        hasCondition(reply, 403, ns.push, 'push-not-available'),
        `the answer is ${shown(reply)}`,
      );
    },
  },
  {
    id: 'register.renew',
    clause: 'WebDAV-Push draft, expiration',
    level: 'MUST',
    title: 'A repeated registration can move the expiry',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const expiry = async (expiresAt: number): Promise<number> => {
        const reply = await bench.tryRegister(calendar.path, resource, { expiresAt });
        return Date.parse(header(succeeded(reply, 'the registration'), 'expires') ?? '');
      };
      const short = await expiry(Date.now() + dayMs);
      const long = await expiry(Date.now() + 3 * dayMs);
      if (Number.isNaN(short) || Number.isNaN(long)) return skip('there is no Expires');
      return verdict(long > short, 'the expiry stayed what it was');
    },
  },
];
