import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { AgentConnection, Hub } from './hub.ts';
import type { ServiceMessage } from './records.ts';
import type { ServiceStore } from './store.ts';

const fromAgent = z.union([
  z.discriminatedUnion('messageType', [
    z.object({ messageType: z.literal('hello'), uaid: z.string().nullish() }),
    z.object({
      messageType: z.literal('register'),
      channelID: z.string().max(64),
      key: z.string().nullish(),
    }),
    z.object({ messageType: z.literal('unregister'), channelID: z.string() }),
    z.object({ messageType: z.literal('ack'), updates: z.array(z.object({ version: z.string() })) }),
    z.object({ messageType: z.literal('nack'), version: z.string() }),
    z.object({ messageType: z.literal('broadcast_subscribe') }),
    z.object({ messageType: z.literal('ping') }),
  ]),
  // The short form of a ping.
  z.strictObject({}),
]);

type FromAgent = z.infer<typeof fromAgent>;

export interface SocketParts {
  readonly store: ServiceStore;
  readonly hub: Hub;
  readonly endpointOf: (pushToken: string) => string;
  readonly now: () => number;
  /** Time for the first message. */
  readonly helloWithinMs: number;
}

function parse(data: string): FromAgent | undefined {
  try {
    return fromAgent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

/** Serves one user agent in Mozilla autopush's protocol: one socket for all its subscriptions. */
export function serveAgent(socket: WebSocket, parts: SocketParts): void {
  const { store, hub, now } = parts;
  let agent: string | undefined;
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const connection: AgentConnection = {
    notify: (channel, message) => send(notification(channel, message)),
    replace: () => socket.close(4774, 'connected elsewhere'),
  };
  const helloTimer = setTimeout(() => socket.terminate(), parts.helloWithinMs);

  const hello = (uaid: string | null | undefined): void => {
    clearTimeout(helloTimer);
    const known = typeof uaid === 'string' && store.touchAgent(uaid, now());
    agent = known ? uaid : store.addAgent(now());
    send({ messageType: 'hello', uaid: agent, status: 200, use_webpush: true, broadcasts: {} });
    hub.connect(agent, connection);
  };

  const handle = (message: FromAgent): void => {
    if (!('messageType' in message) || message.messageType === 'ping') {
      socket.send('{}');
      return;
    }
    if (message.messageType === 'hello') {
      if (agent === undefined) hello(message.uaid);
      else socket.close(1002, 'hello twice');
      return;
    }
    if (agent === undefined) {
      socket.close(1002, 'hello first');
      return;
    }
    switch (message.messageType) {
      case 'register': {
        const { pushToken } = store.subscribe(agent, message.channelID, message.key ?? undefined);
        const pushEndpoint = parts.endpointOf(pushToken);
        send({ messageType: 'register', channelID: message.channelID, status: 200, pushEndpoint });
        break;
      }
      case 'unregister':
        store.unsubscribe(agent, message.channelID);
        send({ messageType: 'unregister', channelID: message.channelID, status: 200 });
        break;
      case 'ack':
        for (const { version } of message.updates) store.removeMessage(version);
        break;
      case 'nack':
        store.removeMessage(message.version);
        break;
      case 'broadcast_subscribe':
        break;
    }
  };

  socket.on('message', (data, isBinary) => {
    // ws hands text over as one Buffer; fragments would come as an array only with another binaryType.
    const message = isBinary || !Buffer.isBuffer(data) ? undefined : parse(data.toString('utf8'));
    if (message === undefined) socket.close(1003, 'not a message of this protocol');
    else handle(message);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearTimeout(helloTimer);
    if (agent !== undefined) hub.disconnect(agent, connection);
  });
}

function notification(channelID: string, message: ServiceMessage): object {
  return {
    messageType: 'notification',
    channelID,
    version: message.token,
    ttl: message.ttlSeconds,
    data: Buffer.from(message.body).toString('base64url'),
    headers: message.encoding === undefined ? {} : { encoding: message.encoding },
  };
}
