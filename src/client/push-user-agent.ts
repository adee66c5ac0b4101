import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { WebSocket } from 'ws';
import { DavpulseError } from '../errors/index.ts';
import { SocketBytes, type ByteCount } from './socket-bytes.ts';

/** One message as the push service delivered it: still encrypted. */
export interface Notification {
  readonly channel: string;
  readonly body: Buffer;
  /** Bytes that moved on the socket since the last notification, acknowledgements included. */
  readonly bytes: ByteCount;
}

export interface PushUserAgentOptions {
  /** Of an agent that the service knows; a new one where it is left out. */
  readonly agentId?: string | undefined;
  /**
   * Is told, with the reason, when nothing more can be expected of the open channels: the service cannot be reached
   * again (which goes on being tried), or it has forgotten the agent.
   */
  readonly onAway?: (reason: string) => void;
  /** Closes the agent, one that is still connecting too. */
  readonly signal?: AbortSignal;
}

interface ServiceMessage {
  readonly messageType?: string;
  readonly channelID?: string;
  readonly version?: string;
  readonly data?: string;
  readonly status?: number;
  readonly pushEndpoint?: string;
  readonly uaid?: string;
}

const firstRetryMs = 200;
const longestRetryMs = 10_000;
/** Attempts in a row to come back after which the service counts as away. */
const patience = 4;

/**
 * A device's push connection in the protocol of Mozilla's autopush: one WebSocket, any number of channels,
 * each with a push resource of its own.
 */
export class PushUserAgent {
  readonly #url: string;
  readonly #onNotification: (notification: Notification) => void;
  readonly #waiting = new Map<string, PromiseWithResolvers<ServiceMessage>>();
  #socket: WebSocket | undefined;
  #bytes: SocketBytes | undefined;
  /** By which the service knows this agent and its channels again. */
  #agentId: string | undefined;
  readonly #onAway: (reason: string) => void;
  #retryMs = firstRetryMs;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(
    url: string,
    onNotification: (notification: Notification) => void,
    agentId: string | undefined,
    onAway: (reason: string) => void,
  ) {
    this.#onAway = onAway;
    this.#url = url;
    this.#onNotification = onNotification;
    this.#agentId = agentId;
  }

  /** What the service knows this agent by; it can come back with it as who it was, its channels still open. */
  get agentId(): string | undefined {
    return this.#agentId;
  }

  /**
   * Connects and says hello, as a new agent or as one that the service knows by its id.
   * @throws DavpulseError DAVPULSE_SERVER_UNREACHABLE when the push service does not answer, or the signal came first
   */
  static async connect(
    url: string,
    onNotification: (notification: Notification) => void,
    { agentId, onAway = () => {}, signal }: PushUserAgentOptions = {},
  ): Promise<PushUserAgent> {
    const agent = new PushUserAgent(url, onNotification, agentId, onAway);
    signal?.addEventListener('abort', () => agent.close(), { once: true });
    try {
      signal?.throwIfAborted();
      await agent.#open();
    } catch (cause) {
      agent.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DavpulseError(
        'DAVPULSE_SERVER_UNREACHABLE',
        `the push service at ${url} does not answer: ${reason}`,
        { cause },
      );
    }
    return agent;
  }

  async #open(): Promise<void> {
    const { hostname, port } = new URL(this.#url);
    const raw = connectTcp({ host: hostname, port: Number(port), noDelay: true });
    // The socket is made here so that its bytes can be counted.
    const socket = new WebSocket(this.#url, { createConnection: () => raw, perMessageDeflate: false });
    this.#socket = socket;
    this.#bytes = new SocketBytes(raw);
    // Text arrives as one Buffer, since `binaryType` is left at its default.
    socket.on('message', (data) => this.#receive(Buffer.isBuffer(data) ? data.toString('utf8') : '{}'));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the push service closed the connection')));
    await opened(socket);
    const { uaid } = await this.#ask('hello', {
      messageType: 'hello',
      use_webpush: true,
      ...(this.#agentId === undefined ? {} : { uaid: this.#agentId }),
    });
    this.#agentId = uaid;
    this.#retryMs = firstRetryMs;
    socket.on('close', () => {
      if (socket === this.#socket) this.#openAgain();
    });
  }

  /** After a while that doubles each time; what waits at the service comes with the new connection. */
  #openAgain(): void {
    if (this.#closed) return;
    const known = this.#agentId;
    this.#retry = setTimeout(() => {
      this.#open().then(
        () => this.#back(known),
        () => this.#stillAway(),
      );
    }, this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, longestRetryMs);
  }

  #back(known: string | undefined): void {
    this.#failures = 0;
    if (known !== this.#agentId) this.#onAway('the push service has forgotten this device');
  }

  #stillAway(): void {
    this.#failures += 1;
    if (this.#failures === patience) this.#onAway('the push service cannot be reached again');
    this.#openAgain();
  }

  /** Opens a channel, bound to the server's VAPID key when it has one (RFC 8292 section 4). Gives the push resource. */
  async subscribe(vapidKey: string | undefined): Promise<{ channel: string; endpoint: string }> {
    const channel = randomUUID();
    const answer = await this.#ask(channel, {
      messageType: 'register',
      channelID: channel,
      ...(vapidKey === undefined ? {} : { key: vapidKey }),
    });
    if (answer.pushEndpoint === undefined) {
      throw new DavpulseError(
        'DAVPULSE_SERVER_FAILED',
        `the push service refused a subscription with ${answer.status ?? 'no status'}`,
      );
    }
    return { channel, endpoint: answer.pushEndpoint };
  }

  /** Bytes since the last call or notification: what set-up and keep-alives moved. */
  takeBytes(): ByteCount {
    return this.#bytes?.take() ?? { up: 0, down: 0 };
  }

  /** Leaves the service, which keeps what comes meanwhile, until `wake`. */
  rest(): void {
    this.close();
  }

  /** Comes back after `rest`. */
  wake(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#retryMs = firstRetryMs;
    this.#open().catch(() => this.#openAgain());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.terminate();
  }

  #ask(key: string, message: object): Promise<ServiceMessage> {
    const waiting = Promise.withResolvers<ServiceMessage>();
    this.#waiting.set(key, waiting);
    this.#socket?.send(JSON.stringify(message), (error) => {
      if (error) waiting.reject(error);
    });
    return waiting.promise;
  }

  #receive(text: string): void {
    // The push service's own protocol; unknown message types and missing fields fall through.
    const message = JSON.parse(text) as ServiceMessage;
    if (message.messageType === 'notification') this.#notified(message);
    else this.#answer(message.messageType === 'hello' ? 'hello' : (message.channelID ?? ''), message);
  }

  #answer(key: string, message: ServiceMessage): void {
    this.#waiting.get(key)?.resolve(message);
    this.#waiting.delete(key);
  }

  #notified({ channelID = '', version = '', data = '' }: ServiceMessage): void {
    // 100: delivered (autopush).
    this.#socket?.send(JSON.stringify({ messageType: 'ack', updates: [{ channelID, version, code: 100 }] }));
    this.#onNotification({
      channel: channelID,
      body: Buffer.from(data, 'base64url'),
      bytes: this.takeBytes(),
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

async function opened(socket: WebSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('open', () => resolve(undefined));
  socket.once('error', reject);
  await promise;
}
