import { randomBytes } from 'node:crypto';
import webPush from 'web-push';
import type { PushHost } from '../../push/index.ts';
import type { Defect } from './defect.ts';
import type { WireMessage } from './wire.ts';

/** Every message changed in this way. */
const sending = (message: (message: WireMessage) => void): Pick<Defect, 'wire'> => ({ wire: { message } });

const header = (name: string, value: string) =>
  sending(({ headers }) => {
    headers[name] = value;
  });

const document = (change: (text: string) => string) =>
  sending((message) => {
    message.text = change(message.text);
  });

const claims = (change: (claims: NonNullable<WireMessage['claims']>) => void) =>
  sending((message) => {
    if (message.claims !== undefined) change(message.claims);
  });

const daySeconds = 86_400;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

function oldestToken(host: PushHost): PushHost {
  const first = new Map<number, string>();
  return {
    ...host,
    syncToken(id) {
      const token = host
        .syncToken(id)
        ?.replace(/\d+$/, (revision) => String(Math.max(0, Number(revision) - 1)));
      if (token !== undefined && !first.has(id)) first.set(id, token);
      return first.get(id);
    },
  };
}

const tokenIn = /<content-update>.*?<\/content-update>/s;

/** What push messages say, and how they are handed over. */
export const messageDefects: readonly Defect[] = [
  {
    id: 'no-ttl',
    title: 'sends no TTL',
    caughtBy: ['delivery.ttl'],
    ...sending(({ headers }) => void delete headers['ttl']),
  },
  { id: 'ttl-0', title: 'sends TTL 0', caughtBy: ['delivery.ttl-useful'], ...header('ttl', '0') },
  {
    id: 'unknown-urgency',
    title: 'sends an urgency that does not exist',
    caughtBy: ['delivery.urgency'],
    ...header('urgency', 'urgent'),
  },
  {
    id: 'long-topic',
    title: 'sends a Topic of more than 32 characters',
    caughtBy: ['delivery.topic-form'],
    ...sending(({ headers }) => {
      headers['topic'] = `${headers['topic'] ?? ''}-and-more-than-may-be`;
    }),
  },
  {
    id: 'random-topic',
    title: 'sends a new Topic with every message',
    caughtBy: ['delivery.topic-same'],
    ...sending(({ headers }) => {
      headers['topic'] = randomBytes(12).toString('base64url');
    }),
  },
  {
    id: 'shared-topic',
    title: 'sends one Topic for all collections',
    caughtBy: ['delivery.topic-apart'],
    ...header('topic', 'calendar'),
  },
  {
    id: 'octet-stream',
    title: 'sends messages as application/octet-stream',
    caughtBy: ['delivery.content-type'],
    ...header('content-type', 'application/octet-stream'),
  },
  {
    id: 'by-put',
    title: 'sends messages by PUT',
    caughtBy: ['delivery.post'],
    ...sending((message) => {
      message.method = 'PUT';
    }),
  },
  {
    id: 'old-coding',
    title: 'names the content coding aesgcm',
    caughtBy: ['encryption.coding'],
    ...header('content-encoding', 'aesgcm'),
  },
  {
    id: 'clear-text',
    title: 'does not encrypt',
    caughtBy: ['encryption.decrypts', 'encryption.record', 'register.new-keys'],
    also: ['encryption.fresh', 'encryption.own-key'],
    ...sending((message) => {
      message.body = Buffer.from(message.text);
    }),
  },
  {
    id: 'same-sender-key',
    title: 'encrypts every message with one key and one salt',
    caughtBy: ['encryption.fresh'],
    ...sending((message) => {
      message.senderKey = Buffer.alloc(32, 7);
      message.salt = Buffer.alloc(16, 7).toString('base64url');
    }),
  },
  {
    id: 'signing-key-encrypts',
    title: 'encrypts with the key that signs',
    caughtBy: ['encryption.own-key', 'encryption.fresh'],
    ...sending((message) => {
      message.senderKey = Buffer.from(message.vapid.privateKey, 'base64url');
      message.salt = undefined;
    }),
  },
  {
    id: 'too-big',
    title: 'sends messages of more than 4096 octets',
    caughtBy: ['encryption.size', 'encryption.record'],
    ...document((text) => text + ' '.repeat(4200)),
  },
  {
    id: 'no-vapid',
    title: 'sends no VAPID token',
    caughtBy: ['vapid.present'],
    ...sending((message) => {
      message.claims = undefined;
    }),
  },
  {
    id: 'wrong-audience',
    title: 'makes the token for another audience',
    caughtBy: ['vapid.audience'],
    ...claims((body) => {
      body.aud = 'https://push.example.org';
    }),
  },
  {
    id: 'expired-token',
    title: 'sends an expired token',
    caughtBy: ['vapid.expiry'],
    ...claims((body) => {
      body.exp = nowSeconds() - 60;
    }),
  },
  {
    id: 'long-token',
    title: 'sends a token that is valid for two days',
    caughtBy: ['vapid.expiry'],
    ...claims((body) => {
      body.exp = nowSeconds() + 2 * daySeconds;
    }),
  },
  {
    id: 'no-contact',
    title: 'names no contact in the token',
    caughtBy: ['vapid.subject'],
    ...claims((body) => void delete body.sub),
  },
  {
    id: 'wrong-signature',
    title: 'signs the token with another key than it names',
    caughtBy: ['vapid.signature'],
    ...sending((message) => {
      message.signer = webPush.generateVAPIDKeys();
    }),
  },
  {
    id: 'other-key',
    title: 'uses another key than the advertised one',
    caughtBy: ['vapid.key'],
    ...sending((message) => {
      message.signer = webPush.generateVAPIDKeys();
      message.key = message.signer.publicKey;
    }),
  },
  {
    id: 'silent-rotation',
    title: 'changes its key without telling anybody',
    caughtBy: ['vapid.rotation'],
    ...sending((message) => {
      message.dropped = !message.text.includes('<topic>');
    }),
  },
  {
    id: 'other-root',
    title: 'sends a document of another name',
    caughtBy: ['message.root'],
    ...document((text) => text.replaceAll('push-message', 'push')),
  },
  {
    id: 'not-xml',
    title: 'sends a message that is no XML',
    caughtBy: ['message.root'],
    ...document(() => '{"changed":true}'),
  },
  {
    id: 'wrong-topic',
    title: 'names the wrong topic in messages',
    caughtBy: ['message.topic', 'register.two-collections', 'share.told'],
    ...document((text) => text.replace(/<topic>[^<]*/, '<topic>another')),
  },
  {
    id: 'no-content-update',
    title: 'sends messages without content-update',
    caughtBy: ['message.content-update', 'message.modify', 'message.delete', 'message.merged-kinds'],
    also: ['message.collection-removed'],
    ...document((text) => text.replace(tokenIn, '')),
  },
  {
    id: 'no-sync-token',
    title: 'sends messages without sync token',
    caughtBy: ['message.sync-token'],
    host: (host) => ({ ...host, syncToken: () => undefined }),
  },
  {
    id: 'old-sync-token',
    title: 'sends the token from before the change',
    caughtBy: ['message.sync-token-current', 'message.last-change'],
    host: oldestToken,
  },
  {
    id: 'property-lost',
    title: 'forgets the property update when it merges messages',
    caughtBy: ['message.merged-kinds'],
    ...document((text) => (tokenIn.test(text) ? text.replace('<property-update/>', '') : text)),
  },
];
