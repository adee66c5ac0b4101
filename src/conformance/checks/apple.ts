import { randomBytes } from 'node:crypto';
import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import type { Bench } from '../bench/bench.ts';
import { document } from '../bench/bodies.ts';
import { multistatus } from '../bench/replies.ts';
import { fail, pass, Setback, skip, verdict, type Check } from '../check.ts';

const clause = 'caldav-pubsubdiscovery-02';

interface ApplePush {
  readonly home: string;
  readonly key: string | undefined;
  readonly transport: XmlElement | undefined;
}

async function appleOf(bench: Bench): Promise<ApplePush> {
  const home = bench.site.account.calendarHome;
  if (home === undefined) throw new Setback(skip('the account has no calendar home'));
  const found = await bench.properties(home, 'CS:push-transports', 'CS:pushkey');
  const transports = found.find(({ name }) => name === 'push-transports');
  const key = found.find(({ name }) => name === 'pushkey')?.text.trim();
  if (transports === undefined && key === undefined)
    throw new Setback(skip('the server has no push of Apple’s kind'));
  return { home, key, transport: transports && child(transports, ns.calendarserver, 'transport') };
}

async function subscriptionUrl(bench: Bench): Promise<{ readonly url: string; readonly key: string }> {
  const { transport, key } = await appleOf(bench);
  const holder = transport && child(transport, ns.calendarserver, 'subscription-url');
  const url = holder && child(holder, ns.dav, 'href')?.text.trim();
  if (url === undefined || key === undefined)
    throw new Setback(skip('there is no subscription URL or no key'));
  return { url, key };
}

const token = (): string => randomBytes(32).toString('hex');
const query = (url: string, values: Record<string, string>): string =>
  `${url}?${new URLSearchParams(values).toString()}`;

/** Push as Apple's clients know it. */
export const appleChecks: readonly Check[] = [
  {
    id: 'apple.transports',
    clause,
    level: 'MUST',
    title:
      'push-transports on the home names type, subscription URL, bundle, environment and refresh interval',
    async run(bench) {
      const { transport } = await appleOf(bench);
      if (transport === undefined) return fail('there is no transport');
      const text = (name: string): string => child(transport, ns.calendarserver, name)?.text.trim() ?? '';
      if ((transport.attributes['type'] ?? '') === '') return fail('the transport has no type');
      if (!['PRODUCTION', 'SANDBOX'].includes(text('env'))) return fail('env is neither of the two values');
      if (!/^[1-9]\d*$/.test(text('refresh-interval')))
        return fail('refresh-interval is no number of seconds');
      return verdict(text('apsbundleid') !== '', 'apsbundleid is absent');
    },
  },
  {
    id: 'apple.keys',
    clause,
    level: 'MUST',
    title: 'The home and the collections in it have a pushkey',
    async run(bench) {
      const { key = '' } = await appleOf(bench);
      const { path } = await bench.makeCalendar();
      const [property] = await bench.properties(path, 'CS:pushkey');
      return verdict(key !== '' && (property?.text.trim() ?? '') !== '', 'one of them has none');
    },
  },
  {
    id: 'apple.home-only',
    clause,
    level: 'MUST',
    title: 'Collections have no push-transports',
    async run(bench) {
      await appleOf(bench);
      const { path } = await bench.makeCalendar();
      const found = await bench.properties(path, 'CS:push-transports');
      return verdict(found.length === 0, 'a calendar has the property');
    },
  },
  {
    id: 'apple.not-in-allprop',
    clause,
    level: 'SHOULD',
    title: 'allprop does not hold push-transports and pushkey',
    async run(bench) {
      const { home } = await appleOf(bench);
      const reply = await bench.user.ask({
        method: 'PROPFIND',
        target: home,
        headers: { depth: '0', 'content-type': 'application/xml' },
        body: document('<D:propfind><D:allprop/></D:propfind>'),
      });
      const found = multistatus(reply, 'allprop').parts.flatMap((part) => part.found);
      const held = found.filter(({ name }) => name === 'push-transports' || name === 'pushkey');
      return verdict(held.length === 0, 'it does');
    },
  },
  {
    id: 'apple.subscribe-get',
    clause,
    level: 'MUST',
    title: 'A device subscribes by GET with token and key',
    async run(bench) {
      const { url, key } = await subscriptionUrl(bench);
      const reply = await bench.user.ask({ method: 'GET', target: query(url, { token: token(), key }) });
      return verdict(reply.status === 200, `the answer is ${reply.status}`);
    },
  },
  {
    id: 'apple.subscribe-post',
    clause,
    level: 'MUST',
    title: 'A device subscribes by POST of a form with token and key',
    async run(bench) {
      const { url, key } = await subscriptionUrl(bench);
      const reply = await bench.user.ask({
        method: 'POST',
        target: url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: token(), key }).toString(),
      });
      return verdict(reply.status === 200, `the answer is ${reply.status}`);
    },
  },
  {
    id: 'apple.bad-request',
    clause,
    level: 'MUST',
    title: 'Without a token, or with a key that is not known, the answer is 400',
    async run(bench) {
      const { url, key } = await subscriptionUrl(bench);
      const wrong = [{ key }, { token: token(), key: 'no-such-key' }, { token: 'not hexadecimal', key }];
      for (const values of wrong) {
        const reply = await bench.user.ask({ method: 'GET', target: query(url, { ...values }) });
        if (reply.status !== 400)
          return fail(`${Object.keys(values).join(' and ')}: the answer is ${reply.status}`);
      }
      return pass();
    },
  },
  {
    id: 'apple.anonymous',
    clause,
    level: 'MUST',
    title: 'Nobody subscribes without credentials',
    async run(bench) {
      const { url, key } = await subscriptionUrl(bench);
      const target = query(url, { token: token(), key });
      const reply = await bench.user.ask({ method: 'GET', target, anonymous: true });
      return verdict(reply.status === 401 || reply.status === 403, `the answer is ${reply.status}`);
    },
  },
  {
    id: 'apple.one-transport',
    clause,
    level: 'MUST',
    title: 'Each type of transport is named once',
    async run(bench) {
      const { home } = await appleOf(bench);
      const [transports] = await bench.properties(home, 'CS:push-transports');
      if (transports === undefined) return skip('there is no push-transports');
      const types = children(transports, ns.calendarserver, 'transport').map(
        ({ attributes }) => attributes['type'],
      );
      return verdict(new Set(types).size === types.length, `types: ${types.join(', ')}`);
    },
  },
];
