import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import webPush from 'web-push';
import { startPushService } from '../../src/push/index.ts';

const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

/** What Firefox 153 sent to the bundled push service, in its order and form: its VAPID key is padded. */
const channelID = '221d7cf3-bf71-48d9-aaf5-47f1e60b5ec0';
const hello = { messageType: 'hello', broadcasts: {}, use_webpush: true };
const broadcasts = { 'remote-settings/monitor_changes': '"0"' };
const subscribeToBroadcasts = { messageType: 'broadcast_subscribe', broadcasts };
const register = (key: string) => ({ channelID, messageType: 'register', key: `${key}=` });
const ack = (version: string) => ({ messageType: 'ack', updates: [{ channelID, version, code: 100 }] });
// Its service worker failed after the message had been acknowledged.
const nack = (version: string) => ({ messageType: 'nack', version, code: 302 });

async function open(wsUrl: string) {
  const socket = new WebSocket(wsUrl, 'push-notification');
  cleanup.push(() => socket.terminate());
  await once(socket, 'open');
  expect(socket.protocol).toBe('push-notification');
  const say = (message: object) => socket.send(JSON.stringify(message));
  const hear = async (): Promise<Record<string, unknown>> => {
    const [data]: unknown[] = await once(socket, 'message');
    return JSON.parse(String(data));
  };
  const ask = (message: object) => {
    const answer = hear();
    say(message);
    return answer;
  };
  return { socket, say, hear, ask };
}

it('serves the message sequence of Firefox', async () => {
  const service = await startPushService({ host: '127.0.0.1', port: 0 });
  cleanup.push(() => service.close());
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  const first = await open(service.wsUrl);
  const greeted = await first.ask(hello);
  expect(greeted).toMatchObject({ messageType: 'hello', status: 200, use_webpush: true });
  first.say(subscribeToBroadcasts);
  const registered = await first.ask(register(publicKey));
  expect(registered).toMatchObject({ messageType: 'register', channelID, status: 200 });

  const push = async (): Promise<number> => {
    const Authorization = webPush.getVapidHeaders(
      service.url,
      'mailto:a@example.com',
      publicKey,
      privateKey,
      'aes128gcm',
    );
    const headers = { TTL: '60', 'Content-Encoding': 'aes128gcm', ...Authorization };
    return (await fetch(String(registered['pushEndpoint']), { method: 'POST', headers, body: 'x' })).status;
  };
  const notified = first.hear();
  expect(await push()).toBe(201);
  const { version, ...notification } = await notified;
  expect(notification).toMatchObject({
    messageType: 'notification',
    channelID,
    headers: { encoding: 'aes128gcm' },
  });
  first.say(ack(String(version)));
  first.say(nack(String(version)));
  expect(await first.ask({})).toEqual({});
  expect(service.totals()).toMatchObject({ acknowledged: 1, stored: 0 });

  first.socket.terminate();
  expect(await push()).toBe(201);
  const second = await open(service.wsUrl);
  const heard: unknown[] = [];
  second.socket.on('message', (data) => Buffer.isBuffer(data) && heard.push(JSON.parse(data.toString())));
  expect(await second.ask({ ...hello, uaid: greeted['uaid'] })).toMatchObject({ uaid: greeted['uaid'] });
  expect(await second.ask({})).toEqual({});
  expect(heard).toMatchObject([{}, { messageType: 'notification', channelID }, {}]);
});
