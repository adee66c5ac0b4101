import { Agent } from 'node:https';
import { generate } from 'selfsigned';
import { expect, it } from 'vitest';
import webPush from 'web-push';
import { startPushService } from '../../src/push/index.ts';
import { until } from './dav-side.ts';
import { UserAgent } from './user-agent.ts';

it('takes what the web-push library sends, over TLS, for a restricted subscription', async () => {
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const tls = { cert: pems.cert, key: pems.private };
  await using service = {
    ...(await startPushService({ host: '127.0.0.1', port: 0, tls })),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
  const vapidKeys = webPush.generateVAPIDKeys();
  const agent = await UserAgent.connect(service.wsUrl);
  const { endpoint, p256dh, auth } = await agent.subscribe(vapidKeys.publicKey);
  const send = (keys: typeof vapidKeys) =>
    webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, 'hello', {
      TTL: 60,
      urgency: 'high',
      topic: 'greeting',
      agent: new Agent({ ca: pems.cert }),
      vapidDetails: { subject: 'mailto:a@example.com', ...keys },
    });
  const answer = await send(vapidKeys);
  expect(answer.statusCode).toBe(201);
  await until(() => agent.received.length === 1, 'the message');
  expect(agent.received[0]?.text).toBe('hello');
  await expect(send(webPush.generateVAPIDKeys())).rejects.toMatchObject({ statusCode: 403 });
  await agent.close();
});
