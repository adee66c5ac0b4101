import { readVapid, signatureHolds, type VapidToken } from '../endpoint/vapid-token.ts';
import type { Bench } from '../bench/bench.ts';
import { vapidKeyIn } from '../bench/calendar.ts';
import { fail, pass, Setback, skip, verdict, type Check } from '../check.ts';

const daySeconds = 86_400;
/** For clocks that differ. */
const toleranceSeconds = 60;

async function tokenOf(bench: Bench): Promise<VapidToken> {
  const { received } = await bench.sampleMessage();
  const token = readVapid(received.headers.authorization);
  if (token === undefined) throw new Setback(skip('the message carries no VAPID token'));
  return token;
}

/** How the server proves to the push service who it is. */
export const vapidChecks: readonly Check[] = [
  {
    id: 'vapid.present',
    clause: 'WebDAV-Push draft, VAPID; RFC 8292 section 2',
    level: 'MUST',
    title: 'A server that advertises a VAPID key sends a VAPID token',
    async run(bench) {
      const { sample, received } = await bench.sampleMessage();
      const key = vapidKeyIn((await bench.pushProperties(sample.calendar.path)).transports);
      if (key === undefined) return skip('the server advertises no VAPID key');
      const { authorization } = received.headers;
      if (authorization === undefined) return fail('there is no Authorization');
      return verdict(readVapid(authorization) !== undefined, 'Authorization is not of the vapid scheme');
    },
  },
  {
    id: 'vapid.key',
    clause: 'WebDAV-Push draft, VAPID',
    level: 'MUST',
    title: 'The token is made with the advertised key',
    async run(bench) {
      const token = await tokenOf(bench);
      const { sample } = await bench.sampleMessage();
      const key = vapidKeyIn((await bench.pushProperties(sample.calendar.path)).transports);
      if (key === undefined) return skip('the server advertises no VAPID key');
      return verdict(token.key === key.text.trim().replace(/=+$/, ''), 'it names another key');
    },
  },
  {
    id: 'vapid.signature',
    clause: 'RFC 8292 section 2',
    level: 'MUST',
    title: 'The token is signed by its key, with ES256',
    async run(bench) {
      const token = await tokenOf(bench);
      if (token.algorithm !== 'ES256') return fail(`the algorithm is ${token.algorithm}`);
      return verdict(signatureHolds(token), 'the signature is not of the key that the token names');
    },
  },
  {
    id: 'vapid.audience',
    clause: 'RFC 8292 section 2',
    level: 'MUST',
    title: 'The audience is the origin of the push resource',
    async run(bench) {
      const { aud } = (await tokenOf(bench)).claims;
      const { origin } = new URL((await bench.sample()).resource.url);
      return verdict(aud === origin, `it is ${aud ?? 'absent'}, and should be ${origin}`);
    },
  },
  {
    id: 'vapid.expiry',
    clause: 'RFC 8292 section 2',
    level: 'MUST',
    title: 'The token expires later than now and within 24 hours',
    async run(bench) {
      const { exp } = (await tokenOf(bench)).claims;
      if (exp === undefined) return fail('there is no exp');
      const left = exp - Date.now() / 1000;
      if (left <= 0) return fail('it has expired');
      return verdict(left <= daySeconds + toleranceSeconds, `it lasts ${Math.round(left / 3600)} hours more`);
    },
  },
  {
    id: 'vapid.subject',
    clause: 'RFC 8292 section 2.1',
    level: 'SHOULD',
    title: 'The token names a contact, a mailto: or https: URL',
    async run(bench) {
      const { sub } = (await tokenOf(bench)).claims;
      if (sub === undefined) return fail('there is no sub');
      return verdict(/^(mailto:.+@.+|https:\/\/.+)/.test(sub), `it is ${sub}`);
    },
  },
  {
    id: 'vapid.rotation',
    clause: 'WebDAV-Push draft, VAPID',
    level: 'SHOULD',
    alone: true,
    title: 'Before it changes its key the server tells every subscription to read transports again',
    async run(bench) {
      const { rotateKeys } = bench.site;
      if (rotateKeys === undefined) return skip('nothing here can make the server change its key');
      const { resource } = await bench.watchedCalendar();
      await rotateKeys();
      await bench.message(resource, 1, 'the change of the key');
      const message = await bench.readable(resource, 1);
      if (message.topic !== undefined) return fail('the message has a topic, though it concerns no resource');
      return message.propertyUpdate ? pass() : fail('the message holds no property-update');
    },
  },
];
