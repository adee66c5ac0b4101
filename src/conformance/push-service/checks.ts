import { header } from '../bench/replies.ts';
import { fail, pass, skip, verdict, type Check, type Outcome } from '../check.ts';
import type { ServiceBench } from './service-bench.ts';

type ServiceCheck = Check<ServiceBench>;

/** Posts a message that something is wrong with. */
async function refused(
  bench: ServiceBench,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<Outcome> {
  const { push } = await bench.subscribe();
  const { status } = await bench.push(push, headers);
  return verdict(status === 400, `the answer is ${status} instead of 400`);
}

/** Posts to a restricted subscription with an authorization that is not right. */
async function unauthorized(
  bench: ServiceBench,
  authorization: (url: string, key: ReturnType<ServiceBench['newKey']>) => string | undefined,
): Promise<Outcome> {
  const key = bench.newKey();
  const { push } = await bench.subscribe(key.publicKey);
  const { status } = await bench.push(push, { authorization: authorization(push, key) });
  return verdict([400, 401, 403].includes(status), `the answer is ${status} instead of 401 or 403`);
}

/** What application servers and user agents may rely on in a push service. */
export const pushServiceChecks: readonly ServiceCheck[] = [
  {
    id: 'service.subscribe',
    clause: 'RFC 8030 section 4',
    level: 'MUST',
    title: 'A subscription is made, with the address of its push resource',
    async run(bench) {
      const { push } = await bench.subscribe();
      return verdict(URL.canParse(push), 'the push resource is no URL');
    },
  },
  {
    id: 'service.accept',
    clause: 'RFC 8030 section 5',
    level: 'MUST',
    title: 'A message is accepted with 201 and the address of the message',
    async run(bench) {
      const { push } = await bench.subscribe();
      const reply = await bench.push(push);
      if (reply.status !== 201) return fail(`the answer is ${reply.status}`);
      return verdict(header(reply, 'location') !== undefined, 'there is no Location');
    },
  },
  {
    id: 'service.deliver',
    clause: 'RFC 8030 section 6',
    level: 'MUST',
    title: 'The message reaches the user agent as it was sent',
    async run(bench) {
      const subscription = await bench.subscribe();
      await bench.push(subscription.push, {}, 'exactly this');
      const [message] = await bench.agent.messages(subscription, 1, bench.waitMs);
      if (message === undefined) return fail('it did not come');
      return verdict(message.body.toString() === 'exactly this', 'its body differs');
    },
  },
  {
    id: 'service.ttl-missing',
    clause: 'RFC 8030 section 5.2',
    level: 'MUST',
    title: 'A message without TTL is refused with 400',
    run: (bench) => refused(bench, { ttl: undefined }),
  },
  {
    id: 'service.ttl-wrong',
    clause: 'RFC 8030 section 5.2',
    level: 'MUST',
    title: 'A TTL that is no number of seconds is refused with 400',
    run: (bench) => refused(bench, { ttl: 'soon' }),
  },
  {
    id: 'service.ttl-zero',
    clause: 'RFC 8030 section 5.2',
    level: 'MUST',
    title: 'TTL 0 is accepted',
    async run(bench) {
      const { push } = await bench.subscribe();
      const { status } = await bench.push(push, { ttl: '0' });
      return verdict(status === 201, `the answer is ${status}`);
    },
  },
  {
    id: 'service.ttl-told',
    clause: 'RFC 8030 section 5.2',
    level: 'MUST',
    title: 'The TTL that the answer names is not longer than the one asked for',
    async run(bench) {
      const { push } = await bench.subscribe();
      const told = header(await bench.push(push, { ttl: '120' }), 'ttl');
      if (told === undefined) return pass('no TTL is named, so it is kept');
      return verdict(/^\d+$/.test(told) && Number(told) <= 120, `it is ${told}`);
    },
  },
  {
    id: 'service.topic-long',
    clause: 'RFC 8030 section 5.4',
    level: 'MUST',
    title: 'A Topic of more than 32 characters is refused with 400',
    run: (bench) => refused(bench, { topic: 'a'.repeat(33) }),
  },
  {
    id: 'service.topic-alphabet',
    clause: 'RFC 8030 section 5.4',
    level: 'MUST',
    title: 'A Topic outside the base64url alphabet is refused with 400',
    run: (bench) => refused(bench, { topic: 'a.b' }),
  },
  {
    id: 'service.topic-replaces',
    clause: 'RFC 8030 section 5.4',
    level: 'MUST',
    title: 'A message replaces an undelivered one with the same Topic',
    async run(bench) {
      if (!bench.agent.storesUntilAsked) return skip('this user agent is never away');
      const subscription = await bench.subscribe();
      await bench.push(subscription.push, { topic: 'one' }, 'first');
      await bench.push(subscription.push, { topic: 'one' }, 'second');
      await bench.push(subscription.push, { topic: 'two' }, 'other');
      const messages = await bench.agent.messages(subscription, 2, bench.waitMs);
      const bodies = messages.map(({ body }) => body.toString()).toSorted();
      return verdict(bodies.join() === 'other,second', `delivered: ${bodies.join(', ') || 'nothing'}`);
    },
  },
  {
    id: 'service.urgency-wrong',
    clause: 'RFC 8030 section 5.3',
    level: 'MUST',
    title: 'An Urgency with several values is refused with 400',
    run: (bench) => refused(bench, { urgency: ['low', 'high'] }),
  },
  {
    id: 'service.size',
    clause: 'RFC 8030 section 7.2',
    level: 'MUST',
    title: 'A body of 4096 octets is accepted',
    async run(bench) {
      const { push } = await bench.subscribe();
      const { status } = await bench.push(push, {}, 'x'.repeat(4096));
      return verdict(status === 201, `the answer is ${status}`);
    },
  },
  {
    id: 'service.too-big',
    clause: 'RFC 8030 section 7.2',
    level: 'MAY',
    title: 'A body of 100,000 octets is refused with 413',
    async run(bench) {
      const { push } = await bench.subscribe();
      const { status } = await bench.push(push, {}, 'x'.repeat(100_000));
      return verdict(status === 413, `the answer is ${status}`);
    },
  },
  {
    id: 'service.unknown',
    clause: 'RFC 8030 section 7.3',
    level: 'MUST',
    title: 'A push resource that does not exist is answered with 404, or 410 as in the field',
    async run(bench) {
      const { push } = await bench.subscribe();
      const { status } = await bench.push(`${push.slice(0, -6)}AAAAAA`);
      return verdict(status === 404 || status === 410, `the answer is ${status}`);
    },
  },
  {
    id: 'service.removed',
    clause: 'RFC 8030 sections 7.3 and 7.4',
    level: 'MUST',
    title: 'After the user agent removed its subscription, messages are refused with 404 or 410',
    async run(bench) {
      const { push, own } = await bench.subscribe();
      if (own === undefined) return skip('this user agent removes subscriptions in another way');
      const removed = await bench.remove(own);
      if (removed.status >= 300) return fail(`the removal is answered with ${removed.status}`);
      const { status } = await bench.push(push);
      return verdict(status === 404 || status === 410, `the answer is ${status}`);
    },
  },
  {
    id: 'service.receipt',
    clause: 'RFC 8030 section 5.1',
    level: 'MAY',
    title: 'A receipt that is asked for is promised with 202 and a link',
    async run(bench) {
      const { push } = await bench.subscribe();
      const reply = await bench.push(push, { prefer: 'respond-async' });
      if (reply.status === 201) return skip('the service gives no receipts');
      const link = header(reply, 'link') ?? '';
      return verdict(reply.status === 202 && link.includes('push:receipt'), `the answer is ${reply.status}`);
    },
  },
  {
    id: 'service.vapid-right',
    clause: 'RFC 8292 section 4',
    level: 'MUST',
    title: 'A restricted subscription takes messages of its application server',
    async run(bench) {
      const key = bench.newKey();
      const { push } = await bench.subscribe(key.publicKey);
      const { status } = await bench.push(push, { authorization: bench.authorization(push, key) });
      return verdict(status === 201, `the answer is ${status}`);
    },
  },
  {
    id: 'service.vapid-missing',
    clause: 'RFC 8292 section 4.2',
    level: 'MUST',
    title: 'A restricted subscription refuses messages without a token',
    run: (bench) => unauthorized(bench, () => undefined),
  },
  {
    id: 'service.vapid-other',
    clause: 'RFC 8292 section 4.2',
    level: 'MUST',
    title: 'A restricted subscription refuses another application server',
    run: (bench) => unauthorized(bench, (url) => bench.authorization(url, bench.newKey())),
  },
  {
    id: 'service.vapid-expired',
    clause: 'RFC 8292 section 2',
    level: 'MUST',
    title: 'An expired token is refused',
    run: (bench) => unauthorized(bench, (url, key) => bench.authorization(url, key, { exp: 1_000_000_000 })),
  },
  {
    id: 'service.vapid-audience',
    clause: 'RFC 8292 section 2',
    level: 'MUST',
    title: 'A token for another audience is refused',
    run: (bench) =>
      unauthorized(bench, (url, key) => bench.authorization(url, key, { aud: 'https://push.example.org' })),
  },
];
