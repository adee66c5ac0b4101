import { createECDH, randomBytes } from 'node:crypto';
import { decrypt } from 'http_ece';
import { expect, it } from 'vitest';
import { EncryptionThreads } from '../../src/push/transports/web-push/encryption-threads.ts';
import { createEncryptor } from '../../src/push/transports/web-push/encryptor.ts';
import { until } from './dav-side.ts';

const makeReceiver = (place: number) => {
  const keys = createECDH('prime256v1');
  const receiver = { p256dh: keys.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
  const read = (body: Uint8Array | undefined): string =>
    decrypt(Buffer.from(body ?? []), {
      version: 'aes128gcm',
      privateKey: keys,
      authSecret: receiver.auth,
    }).toString();
  return { task: { text: `message ${place}`, receiver }, read };
};
const many = Array.from({ length: 60 }, (_, place) => makeReceiver(place));
const texts = many.map(({ task }) => task.text);

it('encrypts in threads what each receiver reads, in its order', async () => {
  const threads = new EncryptionThreads();
  expect(threads.get()).toBeUndefined();
  await until(() => threads.get() !== undefined, 'threads');
  const bodies = await threads.get()?.run(many.map(({ task }) => task));
  expect(many.map(({ read }, place) => read(bodies?.[place]))).toEqual(texts);
  await threads.stop();
  expect(threads.get()).toBeUndefined();
  await threads.stop();
});

it('encrypts each message for its own receiver, before the threads run and after', async () => {
  const encryptor = createEncryptor();
  for (let wave = 0; wave < 20; wave += 1) {
    const bodies = await Promise.all(many.map(({ task }) => encryptor.encrypt(task)));
    expect(many.map(({ read }, place) => read(bodies[place]))).toEqual(texts);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await encryptor.close();
});

it('refuses only the message that is too long', async () => {
  const encryptor = createEncryptor();
  const long = many.map(({ task }, place) => (place === 7 ? { ...task, text: 'x'.repeat(4000) } : task));
  for (let wave = 0; wave < 20; wave += 1) {
    const settled = await Promise.allSettled(long.map((task) => encryptor.encrypt(task)));
    expect(settled.flatMap(({ status }, place) => (status === 'rejected' ? [place] : []))).toEqual([7]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await encryptor.close();
});
