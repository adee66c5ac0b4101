import { header, shown } from '../bench/replies.ts';
import { fail, pass, skip, verdict, type Check } from '../check.ts';

const clause = 'WebDAV-Push draft, subscription removal';
const expiryClause = 'WebDAV-Push draft, expiration';

/** Whole seconds: dates of HTTP have no parts of them. */
const soonMs = 2000;
const longestExpiryMs = 30_000;

/** How registrations end. */
export const removalChecks: readonly Check[] = [
  {
    id: 'remove.delete',
    clause,
    level: 'MUST',
    title: 'DELETE of the registration URL is answered with 204',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const location = bench.locationOf(await bench.register(path, await bench.openResource()));
      const reply = await bench.unregister(location);
      return verdict(reply.status === 204, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'remove.silent',
    clause,
    level: 'MUST',
    title: 'A removed registration is told of nothing more, and others still are',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const [gone, kept] = [await bench.openResource(), await bench.openResource()];
      const location = bench.locationOf(await bench.register(calendar.path, gone));
      await bench.register(calendar.path, kept);
      await bench.unregister(location);
      await bench.write(calendar, 'after');
      await bench.message(kept, 1, 'the change to the registration that is left');
      await bench.settle();
      return verdict(gone.received.length === 0, 'the removed registration was told of the change');
    },
  },
  {
    id: 'remove.twice',
    clause,
    level: 'MUST',
    title: 'DELETE of a registration that is already removed is answered with 404',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const location = bench.locationOf(await bench.register(path, await bench.openResource()));
      await bench.unregister(location);
      const reply = await bench.unregister(location);
      return verdict(reply.status === 404, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'remove.other-user',
    clause: 'WebDAV-Push draft, security considerations',
    level: 'MUST',
    title: 'Nobody can remove the registration of another user',
    async run(bench) {
      const other = bench.other();
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const location = bench.locationOf(await bench.register(calendar.path, resource));
      const reply = await bench.unregister(location, other);
      await bench.write(calendar, 'still');
      const told = await bench.messageOrNone(resource, 1);
      if (told === undefined) return fail('the registration is gone');
      return verdict(reply.status >= 400, `the answer is ${shown(reply)}, though the registration is kept`);
    },
  },
  {
    id: 'remove.anonymous',
    clause: 'WebDAV-Push draft, security considerations',
    level: 'MUST',
    title: 'Without credentials nothing can be removed',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const location = bench.locationOf(await bench.register(path, await bench.openResource()));
      const { status } = await bench.user.ask({ method: 'DELETE', target: location, anonymous: true });
      return verdict(status === 401 || status === 403 || status === 404, `the answer is ${status}`);
    },
  },
  {
    id: 'expire.silent',
    clause: expiryClause,
    level: 'MUST',
    title: 'An expired registration is told of nothing',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const [expired, kept] = [await bench.openResource(), await bench.openResource()];
      const askedAt = Date.now() + soonMs;
      const reply = await bench.register(calendar.path, expired, { expiresAt: askedAt });
      await bench.register(calendar.path, kept);
      const at = Date.parse(header(reply, 'expires') ?? '');
      if (Number.isNaN(at)) return skip('there is no Expires');
      if (at - Date.now() > longestExpiryMs)
        return skip('the server grants no expiry short enough to wait for');
      await bench.pause(at + 500 - Date.now());
      await bench.write(calendar, 'late');
      await bench.message(kept, 1, 'the change to the registration that is left');
      await bench.settle();
      return verdict(expired.received.length === 0, 'it was told of a change made after its expiry');
    },
  },
  {
    id: 'expire.location',
    clause: expiryClause,
    level: 'MUST',
    title: 'DELETE of an expired registration is answered with 404',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const expiresAt = Date.now() + soonMs;
      const reply = await bench.register(path, await bench.openResource(), { expiresAt });
      const location = bench.locationOf(reply);
      const at = Date.parse(header(reply, 'expires') ?? '');
      if (Number.isNaN(at)) return skip('there is no Expires');
      if (at - Date.now() > longestExpiryMs)
        return skip('the server grants no expiry short enough to wait for');
      await bench.pause(at + 500 - Date.now());
      const answer = await bench.unregister(location);
      return verdict(answer.status === 404, `the answer is ${shown(answer)}`);
    },
  },
  {
    id: 'expire.not-before',
    clause: expiryClause,
    level: 'MUST',
    title: 'Until its expiry a registration is told of every change',
    async run(bench) {
      const { first, second } = await bench.sample();
      if (first === undefined) return skip('the server sent no push message');
      return second === undefined ? fail('the second change was not told') : pass();
    },
  },
];
