import { createECDH, randomBytes, type ECDH } from 'node:crypto';
import { decrypt } from 'http_ece';
import { WebSocket } from 'ws';
import { z } from 'zod';

const fromService = z.looseObject({
  messageType: z.string().optional(),
  uaid: z.string().optional(),
  channelID: z.string().optional(),
  pushEndpoint: z.string().optional(),
  version: z.string().optional(),
  data: z.string().optional(),
});
type FromService = z.infer<typeof fromService>;

/** A subscription as its user agent holds it: with the private half of its keys. */
export interface AgentSubscription {
  readonly channel: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly keys: ECDH;
}

/** A user agent that speaks autopush's protocol and decrypts with http_ece. */
export class UserAgent {
  readonly received: { readonly channel: string; readonly text: string; readonly version: string }[] = [];
  readonly #socket: WebSocket;
  readonly #subscriptions = new Map<string, AgentSubscription>();
  readonly #waiting: ((message: FromService) => boolean)[] = [];
  uaid = '';
  /** Told of each message, decrypted. */
  onMessage: (text: string) => void = () => {};
  /** Settles when the connection has ended. */
  readonly closed: Promise<void>;
  /** Whether notifications are acknowledged. */
  acknowledges = true;

  private constructor(socket: WebSocket, subscriptions: readonly AgentSubscription[]) {
    this.#socket = socket;
    for (const subscription of subscriptions) this.#subscriptions.set(subscription.channel, subscription);
    const ended = Promise.withResolvers<void>();
    this.closed = ended.promise;
    socket.on('error', () => socket.terminate());
    socket.on('close', () => ended.resolve());
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#receive(fromService.parse(JSON.parse(data.toString())));
    });
  }

  static async connect(
    wsUrl: string,
    uaid?: string,
    subscriptions: readonly AgentSubscription[] = [],
    onMessage: (text: string) => void = () => {},
  ): Promise<UserAgent> {
    const socket = new WebSocket(wsUrl, { rejectUnauthorized: false });
    const agent = new UserAgent(socket, subscriptions);
    agent.onMessage = onMessage;
    const opened = Promise.withResolvers<void>();
    socket.once('open', () => opened.resolve());
    socket.once('error', (error) => opened.reject(error));
    await opened.promise;
    const hello = await agent.request({ messageType: 'hello', use_webpush: true, ...(uaid ? { uaid } : {}) });
    agent.uaid = hello.uaid ?? '';
    return agent;
  }

  async subscribe(key?: string): Promise<AgentSubscription> {
    const channel = crypto.randomUUID();
    const keys = createECDH('prime256v1');
    keys.generateKeys();
    const answer = await this.request({
      messageType: 'register',
      channelID: channel,
      ...(key ? { key } : {}),
    });
    const subscription = {
      channel,
      endpoint: answer.pushEndpoint ?? '',
      p256dh: keys.getPublicKey('base64url'),
      auth: randomBytes(16).toString('base64url'),
      keys,
    };
    this.#subscriptions.set(channel, subscription);
    return subscription;
  }

  get subscriptions(): AgentSubscription[] {
    return [...this.#subscriptions.values()];
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends a message and waits for the answer of the same type and channel. */
  async request(message: {
    messageType: string;
    channelID?: string;
    [field: string]: unknown;
  }): Promise<FromService> {
    const answered = Promise.withResolvers<FromService>();
    this.#waiting.push((candidate) => {
      const matches =
        candidate.messageType === message.messageType &&
        (message.channelID === undefined || candidate.channelID === message.channelID);
      if (matches) answered.resolve(candidate);
      return matches;
    });
    this.send(message);
    return answered.promise;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = Promise.withResolvers<void>();
    this.#socket.once('close', () => closed.resolve());
    this.#socket.close();
    await closed.promise;
  }

  #receive(message: FromService): void {
    const waiting = this.#waiting.findIndex((matches) => matches(message));
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    if (message.messageType !== 'notification') return;
    const subscription = this.#subscriptions.get(message.channelID ?? '');
    const version = message.version ?? '';
    if (subscription === undefined) return;
    const text = decrypt(Buffer.from(message.data ?? '', 'base64url'), {
      version: 'aes128gcm',
      privateKey: subscription.keys,
      authSecret: subscription.auth,
    }).toString();
    this.received.push({ channel: subscription.channel, text, version });
    this.onMessage(text);
    if (this.acknowledges) {
      this.send({ messageType: 'ack', updates: [{ channelID: subscription.channel, version, code: 100 }] });
    }
  }
}
