import { ns } from '../../xml/index.ts';
import { document, registerBody, type RegisterParts } from '../bench/bodies.ts';
import type { Bench } from '../bench/bench.ts';
import { hasCondition, shown } from '../bench/replies.ts';
import { fail, pass, skip, verdict, type Check, type Outcome } from '../check.ts';

const clause = 'WebDAV-Push draft, subscription management';

async function refusedAs(
  bench: Bench,
  condition: 'invalid-subscription' | 'no-supported-trigger',
  parts: Partial<RegisterParts>,
): Promise<Outcome> {
  const calendar = await bench.makeCalendar();
  const reply = await bench.tryRegister(calendar.path, await bench.openResource(), parts);
  return verdict(hasCondition(reply, 403, ns.push, condition), `the answer is ${shown(reply)}`);
}

const post = async (bench: Bench, body: string, anonymous?: true) => {
  const { path } = await bench.makeCalendar();
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  const request = { method: 'POST', target: path, headers, body };
  return await bench.user.ask(anonymous === undefined ? request : { ...request, anonymous });
};

/** Registrations that something is wrong with. */
export const refusalChecks: readonly Check[] = [
  {
    id: 'refuse.no-subscription',
    clause,
    level: 'MUST',
    title: 'A registration without subscription is refused with invalid-subscription',
    async run(bench) {
      const reply = await post(
        bench,
        document(
          '<P:push-register><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger></P:push-register>',
        ),
      );
      return verdict(
        hasCondition(reply, 403, ns.push, 'invalid-subscription'),
        `the answer is ${shown(reply)}`,
      );
    },
  },
  {
    id: 'refuse.bad-url',
    clause,
    level: 'MUST',
    title: 'A push resource that is no absolute URL is refused with invalid-subscription',
    run: (bench) => refusedAs(bench, 'invalid-subscription', { pushResource: 'not a URL' }),
  },
  {
    id: 'refuse.bad-point',
    clause: 'RFC 8291 section 5; WebDAV-Push draft, subscription management',
    level: 'MUST',
    title: 'A public key that is not on the curve is refused with invalid-subscription',
    run: (bench) =>
      refusedAs(bench, 'invalid-subscription', {
        publicKey: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url'),
      }),
  },
  {
    id: 'refuse.bad-secret',
    clause: 'RFC 8291 section 3.2; WebDAV-Push draft, subscription management',
    level: 'MUST',
    title: 'An auth secret that is not 16 octets is refused with invalid-subscription',
    run: (bench) =>
      refusedAs(bench, 'invalid-subscription', { authSecret: Buffer.alloc(8, 1).toString('base64url') }),
  },
  {
    id: 'refuse.bad-encoding',
    clause: 'WebDAV-Push draft, subscription management; RFC 8291 section 4',
    level: 'MUST',
    title: 'A content encoding other than aes128gcm is refused with invalid-subscription',
    run: (bench) => refusedAs(bench, 'invalid-subscription', { contentEncoding: 'aesgcm' }),
  },
  {
    id: 'refuse.unknown-trigger',
    clause: 'WebDAV-Push draft, triggers',
    level: 'MUST',
    title: 'A registration whose triggers are all unknown is refused with no-supported-trigger',
    run: (bench) =>
      refusedAs(bench, 'no-supported-trigger', {
        triggers: '<X:unknown xmlns:X="urn:davpulse:conformance"/>',
      }),
  },
  {
    id: 'refuse.no-trigger',
    clause: 'WebDAV-Push draft, triggers',
    level: 'MUST',
    title: 'A registration without trigger is refused with no-supported-trigger, or works in full',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const reply = await bench.tryRegister(calendar.path, resource, { triggers: undefined });
      if (hasCondition(reply, 403, ns.push, 'no-supported-trigger')) return pass('refused');
      if (reply.status >= 300) return fail(`the answer is ${shown(reply)}`);
      await bench.write(calendar, 'lenient');
      await bench.message(resource);
      return pass('accepted, as clients in the field need it');
    },
  },
  {
    id: 'refuse.no-encoding',
    clause,
    level: 'MUST',
    title: 'A registration without content-encoding is refused with invalid-subscription, or works in full',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const resource = await bench.openResource();
      const reply = await bench.tryRegister(calendar.path, resource, { contentEncoding: undefined });
      if (hasCondition(reply, 403, ns.push, 'invalid-subscription')) return pass('refused');
      if (reply.status >= 300) return fail(`the answer is ${shown(reply)}`);
      await bench.write(calendar, 'lenient');
      await bench.message(resource);
      return pass('accepted, as clients in the field need it');
    },
  },
  {
    id: 'refuse.malformed',
    clause: 'RFC 4918 section 8.2',
    level: 'MUST',
    title: 'A body that is not well-formed XML is refused as the client’s mistake',
    async run(bench) {
      const { status } = await post(bench, '<P:push-register');
      return verdict(status >= 400 && status < 500, `the answer is ${status}`);
    },
  },
  {
    id: 'refuse.empty',
    clause: 'RFC 4918 section 8.2',
    level: 'MUST',
    title: 'An empty body is refused as the client’s mistake',
    async run(bench) {
      const { status } = await post(bench, '');
      return verdict(status >= 400 && status < 500, `the answer is ${status}`);
    },
  },
  {
    id: 'refuse.anonymous',
    clause: 'WebDAV-Push draft, security considerations',
    level: 'MUST',
    title: 'A registration without credentials is refused',
    async run(bench) {
      const resource = await bench.openResource();
      const body = registerBody({
        pushResource: resource.url,
        keys: resource.keys,
        contentEncoding: 'aes128gcm',
        triggers: '<P:content-update><D:depth>1</D:depth></P:content-update>',
        expiresAt: undefined,
      });
      const { status } = await post(bench, body, true);
      return verdict(status === 401 || status === 403, `the answer is ${status}`);
    },
  },
  {
    id: 'refuse.foreign-collection',
    clause: 'WebDAV-Push draft, security considerations',
    level: 'MUST',
    title: 'Who may not read a collection cannot register for it',
    async run(bench) {
      const other = bench.other();
      const calendar = await bench.makeCalendar();
      const seen = await other.ask({ method: 'PROPFIND', target: calendar.path, headers: { depth: '0' } });
      if (seen.status < 300) return skip('the second account may read collections of the first');
      const reply = await bench.tryRegister(calendar.path, await bench.openResource(), {}, other);
      return verdict(reply.status >= 400 && reply.status < 500, `the answer is ${shown(reply)}`);
    },
  },
];
