import { fork } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generate } from 'selfsigned';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { PushPolicySpec } from '../../sim/index.ts';
import { createPushEngine, type PushEngine, type PushEngineOptions } from '../../src/push/index.ts';
import { parseXml } from '../../src/xml/index.ts';

export interface Sink {
  readonly origin: string;
  readonly ca: string;
  /** Processor time of its process so far, ms. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

const listening = z.object({ port: z.number() });
const usage = z.object({ user: z.number(), system: z.number() });

/** Starts a receiver in a process of its own, with TLS, because web-push speaks nothing else. */
export async function startSink(script: 'sink.ts' | 'real-receiver.ts' = 'sink.ts'): Promise<Sink> {
  const folder = await mkdtemp(join(tmpdir(), 'davpulse-push-'));
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(cert, pems.cert);
  await writeFile(key, pems.private);
  const child = fork(new URL(`./${script}`, import.meta.url).pathname, [cert, key], { execArgv: [] });
  const told = async (): Promise<unknown> => {
    const [message]: unknown[] = await once(child, 'message');
    return message;
  };
  const { port } = listening.parse(await told());
  return {
    origin: `https://127.0.0.1:${port}`,
    ca: pems.cert,
    async cpuMs() {
      const answer = told();
      child.send('cpu');
      const { user, system } = usage.parse(await answer);
      return (user + system) / 1000;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

export interface Target {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export const makeTargets = (origin: string, count: number, prefix = 'push'): Target[] =>
  Array.from({ length: count }, (_, place) => ({
    endpoint: `${origin}/${prefix}/${place}`,
    keys: {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    },
  }));

/** As many subscriptions made at a push service, in the way of RFC 8030. */
export async function subscribeTargets({ origin, ca }: Sink, count: number): Promise<Target[]> {
  const dispatcher = new Agent({ connections: 16, connect: { ca } });
  const targets = makeTargets(origin, count);
  const queue = targets.keys();
  const endpoints: string[] = [];
  const worker = async (): Promise<void> => {
    for (const place of queue) {
      const { headers, body } = await request(`${origin}/subscribe`, { method: 'POST', dispatcher });
      await body.dump();
      const [, path = ''] = /<([^>]+)>; rel="urn:ietf:params:push"/.exec(String(headers['link'])) ?? [];
      endpoints[place] = origin + path;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  await dispatcher.close();
  return targets.map((target, place) => ({ ...target, endpoint: endpoints[place] ?? target.endpoint }));
}

export interface Bed {
  readonly engine: PushEngine;
  subscribe(target: Target): void;
  /** One committed write to the collection, at epoch ms `at`. */
  change(at?: number): void;
  close(): Promise<void>;
}

/** An engine on a database of its own, with one collection. */
export function makeBed(policy: PushPolicySpec, options: Partial<PushEngineOptions>): Bed {
  const db = new DatabaseSync(':memory:');
  let version = 0;
  const engine = createPushEngine({
    db,
    policy,
    allowLoopback: true,
    ...options,
    host: {
      registrationPath: '/push/registrations/',
      mayRead: () => true,
      syncToken: () => `urn:sync:${version}`,
    },
  });
  return {
    engine,
    subscribe({ endpoint, keys }) {
      const body = `<push-register xmlns="https://bitfire.at/webdav-push"><subscription><web-push-subscription><push-resource>${endpoint}</push-resource><content-encoding>aes128gcm</content-encoding><subscription-public-key type="p256dh">${keys.p256dh}</subscription-public-key><auth-secret>${keys.auth}</auth-secret></web-push-subscription></subscription></push-register>`;
      const { status } = engine.register(
        'ann',
        { id: 1, path: '/c/' },
        parseXml(body),
        'https://dav.example',
      );
      if (status !== 201) throw new Error(`registration was answered with ${status}`);
    },
    change(at = Date.now()) {
      version += 1;
      db.exec('BEGIN');
      engine.record({
        collectionId: 1,
        kind: 'content',
        importance: 'normal',
        at,
        dontNotify: [],
        user: 'bob',
      });
      db.exec('COMMIT');
      engine.wake();
    },
    async close() {
      await engine.close();
      db.close();
    },
  };
}

/** Polls until it holds. @throws Error after the deadline */
export async function until(holds: () => boolean, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not done within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
