import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Urgency } from '../../../sim/index.ts';
import type { AgentConnection } from './hub.ts';
import { urgencies, type Addressed } from './records.ts';
import type { ServiceParts } from './service-parts.ts';

const fromAgent = z.union([
  z.discriminatedUnion('messageType', [
    z.object({
      messageType: z.literal('hello'),
      uaid: z.string().nullish(),
      /** Not Mozilla's: the lowest urgency wanted, as RFC 8030 section 5.3 gives to agents that use GET. */
      urgency: z.enum(urgencies).optional(),
    }),
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

function parse(data: string): FromAgent | undefined {
  try {
    return fromAgent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

function notification({ subscription, message }: Addressed): object {
  return {
    messageType: 'notification',
    channelID: subscription.channel,
    version: message.token,
    ttl: message.ttlSeconds,
    data: Buffer.from(message.body).toString('base64url'),
    headers: message.encoding === undefined ? {} : { encoding: message.encoding },
  };
}

/** One user agent's socket in Mozilla autopush's protocol; it carries all the agent's subscriptions. */
class AutopushSocket implements AgentConnection {
  readonly #socket: WebSocket;
  readonly #parts: ServiceParts;
  #agent: string | undefined;
  floor: Urgency = 'very-low';

  constructor(socket: WebSocket, parts: ServiceParts) {
    this.#socket = socket;
    this.#parts = parts;
    const helloTimer = setTimeout(() => {
      if (this.#agent === undefined) socket.terminate();
    }, parts.helloWithinMs);
    socket.on('message', (data, isBinary) => {
      // Text comes as one Buffer unless another binaryType is set.
      const message = isBinary || !Buffer.isBuffer(data) ? undefined : parse(data.toString('utf8'));
      if (message === undefined) socket.close(1003, 'not a message of this protocol');
      else this.#handle(message);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(helloTimer);
      if (this.#agent !== undefined) parts.hub.disconnect(this.#agent, this);
    });
  }

  notify(addressed: Addressed): void {
    this.#send(notification(addressed));
  }

  end(reason: 'replaced' | 'cut'): void {
    // 4774 tells Mozilla's client not to reconnect by itself.
    if (reason === 'replaced') this.#socket.close(4774, 'connected elsewhere');
    else this.#socket.terminate();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #handle(message: FromAgent): void {
    if (!('messageType' in message) || message.messageType === 'ping') this.#socket.send('{}');
    else if (message.messageType === 'hello') {
      if (this.#agent === undefined) this.#hello(message.uaid, message.urgency);
      else this.#socket.close(1002, 'hello twice');
    } else if (this.#agent === undefined) this.#socket.close(1002, 'hello first');
    else this.#serve(this.#agent, message);
  }

  #hello(uaid: string | null | undefined, floor: Urgency = 'very-low'): void {
    const { subscriptions, now, hub } = this.#parts;
    const known = typeof uaid === 'string' && subscriptions.touchAgent(uaid, now());
    const agent = known ? uaid : subscriptions.addAgent(now());
    this.#agent = agent;
    this.floor = floor;
    this.#send({ messageType: 'hello', uaid: agent, status: 200, use_webpush: true, broadcasts: {} });
    hub.connect(agent, this);
  }

  #serve(agent: string, message: Exclude<FromAgent, Record<string, never>>): void {
    const { subscriptions } = this.#parts;
    switch (message.messageType) {
      case 'register': {
        const { pushToken } = subscriptions.subscribe(agent, message.channelID, {
          vapidKey: message.key ?? undefined,
          expiresAt: this.#parts.expiryOfNew(),
        });
        const pushEndpoint = `${this.#parts.url()}/push/${pushToken}`;
        this.#send({ messageType: 'register', channelID: message.channelID, status: 200, pushEndpoint });
        break;
      }
      case 'unregister': {
        const found = subscriptions.byChannel(agent, message.channelID);
        if (found !== undefined) subscriptions.remove(found.id);
        this.#send({ messageType: 'unregister', channelID: message.channelID, status: 200 });
        break;
      }
      case 'ack':
        for (const { version } of message.updates) this.#parts.acknowledge(agent, version);
        break;
      case 'nack':
        this.#parts.acknowledge(agent, message.version);
        break;
      default:
        break;
    }
  }
}

/** Serves one user agent. */
export const serveAgent = (socket: WebSocket, parts: ServiceParts): void => {
  void new AutopushSocket(socket, parts);
};
