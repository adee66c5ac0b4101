import webPush from 'web-push';
import { createAsker, type Asker, type Reply, type Wire } from '../bench/asker.ts';
import type { Transcript } from '../bench/transcript.ts';
import { signToken, type SigningKey, type VapidClaims } from '../mutants/sign-token.ts';
import type { ServiceAgent, ServiceSubscription } from './user-agent.ts';

/** What one check of a push service works with: it is the application server, and asks the user agent. */
export class ServiceBench {
  readonly transcript: Transcript = [];
  readonly agent: ServiceAgent;
  readonly waitMs: number;
  readonly #asker: Asker;

  constructor(wire: Wire, agent: ServiceAgent, waitMs: number) {
    this.agent = agent;
    this.waitMs = waitMs;
    this.#asker = createAsker(wire, { name: '', password: '' }, this.transcript);
  }

  subscribe(vapidKey?: string): Promise<ServiceSubscription> {
    return this.agent.subscribe(this.#asker, vapidKey);
  }

  /** Posts a message; a header that is `undefined` is left out. */
  push(
    url: string,
    headers: Readonly<Record<string, string | string[] | undefined>> = {},
    body = 'davpulse',
  ): Promise<Reply> {
    const all = { ttl: '60', 'content-encoding': 'aes128gcm', ...headers };
    const sent = Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    return this.#asker.ask({ method: 'POST', target: url, headers: sent, body, anonymous: true });
  }

  remove(url: string): Promise<Reply> {
    return this.#asker.ask({ method: 'DELETE', target: url, anonymous: true });
  }

  newKey(): SigningKey {
    return webPush.generateVAPIDKeys();
  }

  /** The `Authorization` header for a push resource, with some claims changed. */
  authorization(url: string, key: SigningKey, claims: VapidClaims = {}): string {
    const usual = {
      aud: new URL(url).origin,
      exp: Math.floor(Date.now() / 1000) + 3600,
      sub: 'https://davpulse.invalid/',
    };
    return `vapid t=${signToken({ ...usual, ...claims }, key)}, k=${key.publicKey}`;
  }
}
