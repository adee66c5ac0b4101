import { createECDH } from 'node:crypto';
import { encrypt } from 'http_ece';
import { request } from 'undici';
import { expect, it } from 'vitest';
import {
  basicCredentials,
  Connection,
  createPushKeys,
  decryptPush,
  PushUserAgent,
  unregisterPush,
  type Notification,
} from '../../src/client/index.ts';
import { startPushService } from '../../src/push/index.ts';

const send = async (endpoint: string, body: Buffer): Promise<number> => {
  const answer = await request(endpoint, {
    method: 'POST',
    headers: { ttl: '60', 'content-encoding': 'aes128gcm' },
    body,
  });
  await answer.body.dump();
  return answer.statusCode;
};

it('receives what was encrypted for it, also what came while it was thrown out', async () => {
  const service = await startPushService({ host: '127.0.0.1', port: 0, control: true });
  const received: Notification[] = [];
  let wake: () => void = () => {};
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const agent = await PushUserAgent.connect(service.wsUrl, (notification) => {
    received.push(notification);
    wake();
  });
  try {
    const keys = createPushKeys();
    const { channel, endpoint } = await agent.subscribe(undefined);
    const sender = createECDH('prime256v1');
    sender.generateKeys();
    const message = encrypt(Buffer.from('news'), {
      version: 'aes128gcm',
      privateKey: sender,
      dh: keys.publicKey,
      authSecret: keys.authSecret,
    });
    let arrived = next();
    expect(await send(endpoint, message)).toBe(201);
    await arrived;
    expect(received.map(({ body }) => decryptPush(keys, body).toString())).toEqual(['news']);
    expect(received[0]).toMatchObject({ channel });
    expect(received[0]?.bytes.down).toBeGreaterThan(message.length);

    arrived = next();
    // The connection breaks in place of the delivery; the message waits for the agent to come back.
    await request(`${service.url}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seed: 1, rules: [{ fault: 'cut', toMs: 100 }] }),
    });
    expect(await send(endpoint, message)).toBe(201);
    await arrived;
    expect(received).toHaveLength(2);
  } finally {
    agent.close();
    await service.close();
  }
});

it('says that the service is away when it cannot be reached again', async () => {
  const service = await startPushService({ host: '127.0.0.1', port: 0 });
  const away = Promise.withResolvers<string>();
  const agent = await PushUserAgent.connect(service.wsUrl, () => {}, { onAway: away.resolve });
  await service.close();
  expect(await away.promise).toBe('the push service cannot be reached again');
  agent.close();
});

it('says that nothing more will come when the service has forgotten it', async () => {
  const first = await startPushService({ host: '127.0.0.1', port: 0 });
  const away = Promise.withResolvers<string>();
  const agent = await PushUserAgent.connect(first.wsUrl, () => {}, { onAway: away.resolve });
  const known = agent.agentId;
  await first.close();
  // Its store was in memory.
  const second = await startPushService({ host: '127.0.0.1', port: first.port });
  expect(await away.promise).toBe('the push service has forgotten this device');
  expect(agent.agentId).not.toBe(known);
  agent.close();
  await second.close();
});

it('removes no registration that has no URL', async () => {
  const connection = new Connection({
    origin: 'http://127.0.0.1:9',
    keepAliveMs: 1000,
    timeoutMs: 1000,
    verifyCertificate: false,
  });
  const session = { connection, credentials: basicCredentials('ann', 'one'), now: () => 0 };
  await expect(unregisterPush(session, { url: '', expiresAt: 0 })).rejects.toThrow(RangeError);
  await connection.close();
});

it('says so when no push service answers', async () => {
  await expect(PushUserAgent.connect('ws://127.0.0.1:9/', () => {})).rejects.toMatchObject({
    code: 'DAVPULSE_SERVER_UNREACHABLE',
  });
});
