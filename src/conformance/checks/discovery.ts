import { child, children, ns } from '../../xml/index.ts';
import { objectPath } from '../bench/bench.ts';
import { triggerDepth, vapidKeyIn } from '../bench/calendar.ts';
import { header } from '../bench/replies.ts';
import { fail, pass, skip, verdict, type Check } from '../check.ts';

const clause = 'WebDAV-Push draft, service detection';

/** Service detection: what a client reads before it registers. */
export const discoveryChecks: readonly Check[] = [
  {
    id: 'discovery.capability',
    clause,
    level: 'MUST',
    title: 'OPTIONS on a push-capable collection lists webdav-push in the DAV header',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const reply = await bench.user.ask({ method: 'OPTIONS', target: path });
      const tokens = (header(reply, 'dav') ?? '').split(',').map((token) => token.trim());
      return verdict(tokens.includes('webdav-push'), `the DAV header is: ${tokens.join(', ') || 'absent'}`);
    },
  },
  {
    id: 'discovery.transports',
    clause,
    level: 'MUST',
    title: 'A calendar has the property transports with web-push in it',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { transports } = await bench.pushProperties(path);
      if (transports === undefined) return fail('the property is absent');
      return verdict(child(transports, ns.push, 'web-push') !== undefined, 'transports holds no web-push');
    },
  },
  {
    id: 'discovery.vapid',
    clause: 'WebDAV-Push draft, VAPID',
    level: 'SHOULD',
    title: 'The server advertises a VAPID public key',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { transports } = await bench.pushProperties(path);
      if (transports === undefined || child(transports, ns.push, 'web-push') === undefined) {
        return skip('web-push is not offered');
      }
      return verdict(vapidKeyIn(transports) !== undefined, 'transports holds no vapid-public-key');
    },
  },
  {
    id: 'discovery.vapid-form',
    clause: 'WebDAV-Push draft, VAPID; RFC 8292 section 3.2',
    level: 'MUST',
    title: 'The VAPID public key is an uncompressed P-256 point of type p256ecdsa',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const key = vapidKeyIn((await bench.pushProperties(path)).transports);
      if (key === undefined) return skip('the server advertises no VAPID key');
      if (key.attributes['type'] !== 'p256ecdsa') return fail('the type attribute is not p256ecdsa');
      const point = Buffer.from(key.text.trim(), 'base64url');
      return verdict(point.length === 65 && point[0] === 4, 'the key is not an uncompressed P-256 point');
    },
  },
  {
    id: 'discovery.topic',
    clause,
    level: 'MUST',
    title: 'A calendar has the property topic',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { topic = '' } = await bench.pushProperties(path);
      return verdict(topic !== '', 'the property is absent or empty');
    },
  },
  {
    id: 'discovery.topic-unique',
    clause,
    level: 'MUST',
    title: 'Two collections have different topics',
    async run(bench) {
      const [first, second] = [await bench.makeCalendar(), await bench.makeCalendar()];
      const [{ topic: one }, { topic: two }] = [
        await bench.pushProperties(first.path),
        await bench.pushProperties(second.path),
      ];
      if (one === undefined || two === undefined) return skip('the property topic is absent');
      return verdict(one !== two, `both have the topic ${one}`);
    },
  },
  {
    id: 'discovery.topic-stable',
    clause,
    level: 'MUST',
    title: 'The topic of a collection stays the same when the collection changes',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const { topic: before } = await bench.pushProperties(calendar.path);
      await bench.write(calendar, 'stable');
      await bench.rename(calendar, 'renamed');
      const { topic: after } = await bench.pushProperties(calendar.path);
      if (before === undefined) return skip('the property topic is absent');
      return verdict(before === after, `it was ${before} and became ${after ?? 'absent'}`);
    },
  },
  {
    id: 'discovery.triggers',
    clause,
    level: 'MUST',
    title: 'supported-triggers names at least one trigger, each with its depth',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { triggers } = await bench.pushProperties(path);
      if (triggers === undefined) return fail('the property is absent');
      const depths = triggers.children.map((trigger) => child(trigger, ns.dav, 'depth')?.text.trim() ?? '');
      if (depths.length === 0) return fail('it is empty');
      return verdict(
        depths.every((depth) => ['0', '1', 'infinity'].includes(depth)),
        'a trigger has no depth of 0, 1 or infinity',
      );
    },
  },
  {
    id: 'discovery.content-depth',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'Calendars support content-update with depth 1 at least',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { triggers } = await bench.pushProperties(path);
      if (triggers === undefined) return skip('supported-triggers is absent');
      const depth = triggerDepth(triggers, 'content-update');
      return verdict(depth === '1' || depth === 'infinity', `the depth is ${depth ?? 'not given'}`);
    },
  },
  {
    id: 'discovery.property-depth',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'Calendars support property-update',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { triggers } = await bench.pushProperties(path);
      if (triggers === undefined) return skip('supported-triggers is absent');
      return verdict(triggerDepth(triggers, 'property-update') !== undefined, 'it is not listed');
    },
  },
  {
    id: 'discovery.addressbook',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'Address books are push-capable too',
    async run(bench) {
      const { path } = await bench.makeAddressbook();
      const { transports, topic, triggers } = await bench.pushProperties(path);
      const whole = transports !== undefined && topic !== undefined && triggers !== undefined;
      return verdict(whole, 'an address book lacks one of the three properties');
    },
  },
  {
    id: 'discovery.home',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'The calendar home supports content-update with depth 1 at least',
    async run(bench) {
      const home = bench.site.account.calendarHome;
      if (home === undefined) return skip('the account has no calendar home');
      const depth = triggerDepth((await bench.pushProperties(home)).triggers, 'content-update');
      return verdict(depth === '1' || depth === 'infinity', `the depth is ${depth ?? 'not given'}`);
    },
  },
  {
    id: 'discovery.principal',
    clause: 'WebDAV-Push draft, CalDAV and CardDAV',
    level: 'SHOULD',
    title: 'The principal supports property-update',
    async run(bench) {
      const { triggers } = await bench.pushProperties(bench.site.account.principal);
      return verdict(triggerDepth(triggers, 'property-update') !== undefined, 'it is not listed');
    },
  },
  {
    id: 'discovery.not-capable',
    clause,
    level: 'MUST',
    title: 'What is not push-capable has neither topic nor supported-triggers',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'object');
      const found = await bench.pushProperties(objectPath(calendar, 'object'));
      if (found.transports !== undefined) return pass('single objects are push-capable here');
      const none = found.topic === undefined && found.triggers === undefined;
      return verdict(none, 'an object without transports has a topic or triggers');
    },
  },
  {
    id: 'discovery.one-topic',
    clause,
    level: 'MUST',
    title: 'A listing of the home shows each collection with the topic it has itself',
    async run(bench) {
      const home = bench.site.account.calendarHome;
      const { path } = await bench.makeCalendar();
      const { topic } = await bench.pushProperties(path);
      if (home === undefined || topic === undefined) return skip('there is no home or no topic');
      const listed = await bench.members(home, 'P:topic');
      const part = listed.find((member) => member.path === path);
      const shown = part?.found.find(({ name }) => name === 'topic');
      return verdict(shown?.text.trim() === topic, `the listing says ${shown?.text.trim() ?? 'nothing'}`);
    },
  },
  {
    id: 'discovery.transport-once',
    clause,
    level: 'MUST',
    title: 'web-push is listed once, with one key at most',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { transports } = await bench.pushProperties(path);
      if (transports === undefined) return skip('the property transports is absent');
      const webPush = children(transports, ns.push, 'web-push');
      const keys = webPush.flatMap((one) => children(one, ns.push, 'vapid-public-key'));
      return verdict(webPush.length <= 1 && keys.length <= 1, 'it is listed more than once');
    },
  },
];
