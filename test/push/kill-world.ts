import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerBody, until } from './dav-side.ts';
import { DavpulseProcess } from './davpulse-process.ts';
import { UserAgent } from './user-agent.ts';

const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
const collection = '/calendars/ann/calendar/';
const retryMs = 50;
const changesPerKill = 8;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const syncReport =
  '<D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>';

const event = (name: string): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    `UID:${name}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260101T100000Z',
    'SUMMARY:x',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** One device on push: each message leads to a sync, as does a connection that came back only if it is told to poll. */
class Device {
  readonly has = new Set<string>();
  readonly #world: KillWorld;
  #agent: UserAgent | undefined;
  #stopped = false;
  #syncing: Promise<void> | undefined;
  #again = false;

  constructor(world: KillWorld) {
    this.#world = world;
  }

  async subscribe(): Promise<void> {
    const agent = await UserAgent.connect(this.#world.wsUrl);
    const body = registerBody(await agent.subscribe());
    const answer = await this.#world.request('POST', collection, body);
    if (answer.status >= 300) throw new Error(`push-register was answered with ${answer.status}`);
    void this.#stay(agent);
  }

  /** Fetches what the collection holds; what comes meanwhile leads to one more sync. */
  sync(): Promise<void> {
    this.#again = true;
    this.#syncing ??= this.#run().finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  stop(): void {
    this.#stopped = true;
    void this.#agent?.close();
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const { text } = await this.#world.request('REPORT', collection, syncReport);
      for (const [, name = ''] of text.matchAll(/([\w-]+)\.ics</g)) this.has.add(name);
    }
  }

  /** Keeps a connection to the push service, through its restarts. */
  async #stay(first: UserAgent): Promise<void> {
    let agent = first;
    while (!this.#stopped) {
      this.#agent = agent;
      agent.onMessage = () => void this.sync();
      await agent.closed;
      while (!this.#stopped) {
        await pause(retryMs);
        const again = await UserAgent.connect(
          this.#world.wsUrl,
          agent.uaid,
          agent.subscriptions,
          () => void this.sync(),
        ).catch(() => undefined);
        if (again === undefined) continue;
        agent = again;
        break;
      }
    }
  }
}

export interface Outcome {
  readonly changes: number;
  readonly devices: number;
  /** Times that a device had everything only after its safety poll. */
  readonly polled: number;
  /** Changes that a device did not get at all. */
  readonly missing: number;
}

/** A server and a push service that get killed while changes flow, and devices that must miss nothing. */
export class KillWorld {
  readonly #folder: string;
  readonly #server: DavpulseProcess;
  readonly #pushService: DavpulseProcess;
  readonly #devices: Device[] = [];
  #changes = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#pushService = new DavpulseProcess('push-service', '--db', join(folder, 'push.sqlite'));
    this.#server = new DavpulseProcess(
      'serve',
      '--no-tls',
      '--allow-loopback-push',
      '--db',
      join(folder, 'dav.sqlite'),
      '--user',
      'ann:secret',
      '--push-policy',
      '{ kind: window, window: 100 ms }',
    );
  }

  static async start(devices: number): Promise<KillWorld> {
    const world = new KillWorld(await mkdtemp(join(tmpdir(), 'davpulse-kill-')));
    await Promise.all([world.#server.start(), world.#pushService.start()]);
    for (let place = 0; place < devices; place += 1) {
      const device = new Device(world);
      await device.subscribe();
      world.#devices.push(device);
    }
    return world;
  }

  get wsUrl(): string {
    return `${this.#pushService.url.replace(/^http/, 'ws')}/`;
  }

  /** A request that is made until it is answered, however often the server dies meanwhile. */
  async request(method: string, path: string, body: string): Promise<{ status: number; text: string }> {
    const headers = {
      authorization,
      depth: '0',
      'content-type': body.startsWith('BEGIN') ? 'text/calendar' : 'application/xml',
    };
    for (;;) {
      try {
        const answer = await fetch(this.#server.url + path, { method, headers, body });
        const text = await answer.text();
        if (answer.status < 500) return { status: answer.status, text };
      } catch {
        // It is down; the next one will answer.
      }
      await pause(retryMs);
    }
  }

  /**
   * Kills each of the two `times` times while changes flow, now before a message left, now after. Each time it
   * waits for what push still brings before anything else happens, so that no later message covers for a lost one.
   */
  async killWhileChanging(
    times: number,
    waitMs: number,
    onRound: (round: number, outcome: Outcome) => void = () => {},
  ): Promise<Outcome> {
    let polled = 0;
    for (let time = 0; time < times; time += 1) {
      for (const victim of [this.#server, this.#pushService]) {
        const kill = async (): Promise<void> => {
          await pause((time * 97) % 400);
          await victim.kill();
          await victim.start();
        };
        await Promise.all([this.#change(), kill()]);
        polled += await this.#settle(waitMs);
      }
      onRound(time + 1, this.#outcome(polled));
    }
    return this.#outcome(polled);
  }

  #outcome(polled: number): Outcome {
    const missing = this.#devices
      .map((device) => this.#changes - device.has.size)
      .reduce((sum, count) => sum + Math.max(0, count), 0);
    return { changes: this.#changes, devices: this.#devices.length, polled, missing };
  }

  async #change(): Promise<void> {
    for (let change = 0; change < changesPerKill; change += 1) {
      const name = `change-${this.#changes}`;
      const { status } = await this.request('PUT', `${collection}${name}.ics`, event(name));
      if (status >= 300) throw new Error(`PUT was answered with ${status}`);
      this.#changes += 1;
      await pause(20);
    }
  }

  /** Waits for what push still brings; lets those poll that are behind then, and counts them. */
  async #settle(waitMs: number): Promise<number> {
    const complete = (device: Device): boolean => device.has.size >= this.#changes;
    await until(() => this.#devices.every(complete), 'everything by push', waitMs).catch(() => {});
    const behind = this.#devices.filter((device) => !complete(device));
    await Promise.all(behind.map((device) => device.sync()));
    return behind.length;
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.stop();
    await Promise.all([this.#server.kill(), this.#pushService.kill()]);
    await rm(this.#folder, { recursive: true });
  }
}
