import { maxBodyBytes } from '../endpoint/limits.ts';
import { clearText, encodingHeader } from '../endpoint/read-message.ts';
import { vapidKeyIn } from '../bench/calendar.ts';
import { fail, skip, verdict, type Check } from '../check.ts';

const urgencies = new Set(['very-low', 'low', 'normal', 'high']);

/** The request by which the server hands a message to the push service. */
export const deliveryChecks: readonly Check[] = [
  {
    id: 'delivery.post',
    clause: 'RFC 8030 section 5',
    level: 'MUST',
    title: 'The message comes by POST',
    async run(bench) {
      const { received } = await bench.sampleMessage();
      return verdict(received.method === 'POST', `it came by ${received.method}`);
    },
  },
  {
    id: 'delivery.ttl',
    clause: 'RFC 8030 section 5.2',
    level: 'MUST',
    title: 'The request has TTL, one whole number of seconds',
    async run(bench) {
      const { headers } = (await bench.sampleMessage()).received;
      return verdict(/^\d+$/.test(String(headers['ttl'])), `TTL is ${String(headers['ttl'] ?? 'absent')}`);
    },
  },
  {
    id: 'delivery.ttl-useful',
    clause: 'RFC 8030 section 5.2',
    level: 'SHOULD',
    title: 'TTL lets a device that is offline for a minute still learn of the change',
    async run(bench) {
      const ttl = Number((await bench.sampleMessage()).received.headers['ttl']);
      if (Number.isNaN(ttl)) return skip('there is no TTL');
      return verdict(ttl >= 60, `TTL is ${ttl}`);
    },
  },
  {
    id: 'delivery.urgency',
    clause: 'RFC 8030 section 5.3',
    level: 'MUST',
    title: 'Urgency, when sent, is one of the four values',
    async run(bench) {
      const { urgency } = (await bench.sampleMessage()).received.headers;
      if (urgency === undefined) return skip('Urgency is not sent');
      return verdict(urgencies.has(String(urgency)), `it is ${String(urgency)}`);
    },
  },
  {
    id: 'delivery.topic-form',
    clause: 'RFC 8030 section 5.4',
    level: 'MUST',
    title: 'Topic, when sent, is at most 32 characters of the base64url alphabet',
    async run(bench) {
      const { topic } = (await bench.sampleMessage()).received.headers;
      if (topic === undefined) return skip('Topic is not sent');
      return verdict(/^[\w-]{1,32}$/.test(String(topic)), `it is ${String(topic)}`);
    },
  },
  {
    id: 'delivery.topic-same',
    clause: 'RFC 8030 section 5.4; WebDAV-Push draft, server load',
    level: 'SHOULD',
    title: 'Topic, when sent, lets a newer message about a collection replace an older one',
    async run(bench) {
      const { first, second } = await bench.sample();
      const [one, two] = [first?.headers['topic'], second?.headers['topic']];
      if (one === undefined || two === undefined) return skip('Topic is not sent');
      return verdict(one === two, 'two messages about one collection have different topics');
    },
  },
  {
    id: 'delivery.topic-apart',
    clause: 'WebDAV-Push draft, server load',
    level: 'MUST',
    title: 'Topic never lets a message about one collection replace one about another',
    async run(bench) {
      const resource = await bench.openResource();
      const [here, there] = [await bench.makeCalendar(), await bench.makeCalendar()];
      await bench.register(here.path, resource);
      await bench.register(there.path, resource);
      await bench.write(here, 'here');
      const one = (await bench.message(resource, 1)).headers['topic'];
      await bench.write(there, 'there');
      const two = (await bench.message(resource, 2)).headers['topic'];
      if (one === undefined || two === undefined) return skip('Topic is not sent');
      return verdict(one !== two, 'two collections share one Topic');
    },
  },
  {
    id: 'delivery.content-type',
    clause: 'WebDAV-Push draft, push messages',
    level: 'SHOULD',
    title: 'The content type is application/xml in UTF-8',
    async run(bench) {
      const type = (await bench.sampleMessage()).received.headers['content-type'] ?? 'absent';
      return verdict(/^application\/xml\s*;\s*charset="?utf-8"?$/i.test(type), `it is ${type}`);
    },
  },
  {
    id: 'encryption.coding',
    clause: 'RFC 8291 section 4',
    level: 'MUST',
    title: 'The content coding is aes128gcm, once',
    async run(bench) {
      const coding = (await bench.sampleMessage()).received.headers['content-encoding'];
      return verdict(coding === 'aes128gcm', `it is ${coding ?? 'absent'}`);
    },
  },
  {
    id: 'encryption.decrypts',
    clause: 'RFC 8291 section 3',
    level: 'MUST',
    title: 'The message can be decrypted with the keys of the subscription',
    async run(bench) {
      const { sample, received } = await bench.sampleMessage();
      const readable = clearText(sample.resource.keys, received) !== undefined;
      return verdict(readable, 'it cannot');
    },
  },
  {
    id: 'encryption.record',
    clause: 'RFC 8291 section 4',
    level: 'MUST',
    title: 'The body is one record with the sender’s uncompressed public key as key id',
    async run(bench) {
      const head = encodingHeader((await bench.sampleMessage()).received);
      if (head === undefined) return fail('the body is shorter than its header');
      if (head.keyId.length !== 65 || head.keyId[0] !== 4) return fail('the key id is no uncompressed point');
      return verdict(head.cipherBytes <= head.recordSize, 'the body has more than one record');
    },
  },
  {
    id: 'encryption.fresh',
    clause: 'RFC 8291 section 3.1; RFC 8188 section 4.1',
    level: 'MUST',
    title: 'Each message has a salt and a sender’s key of its own',
    async run(bench) {
      const { first, second } = await bench.sample();
      const [one, two] = [first && encodingHeader(first), second && encodingHeader(second)];
      if (one === undefined || two === undefined) return skip('there are no two messages');
      return verdict(one.salt !== two.salt && !one.keyId.equals(two.keyId), 'two messages share them');
    },
  },
  {
    id: 'encryption.own-key',
    clause: 'RFC 8292 section 3.2',
    level: 'SHOULD',
    title: 'The key that encrypts is not the one that signs',
    async run(bench) {
      const { sample, received } = await bench.sampleMessage();
      const signing = vapidKeyIn((await bench.pushProperties(sample.calendar.path)).transports);
      const head = encodingHeader(received);
      if (head === undefined || signing === undefined) return skip('one of the two keys is not there');
      return verdict(head.keyId.toString('base64url') !== signing.text.trim(), 'they are one');
    },
  },
  {
    id: 'encryption.size',
    clause: 'RFC 8291 section 4; RFC 8030 section 7.2',
    level: 'MUST',
    title: 'The body has at most 4096 octets, which every push service takes',
    async run(bench) {
      const { length } = (await bench.sampleMessage()).received.body;
      return verdict(length <= maxBodyBytes, `it has ${length}`);
    },
  },
];
