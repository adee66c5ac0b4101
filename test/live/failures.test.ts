import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../sim/index.ts';
import { runLive, type LiveOptions } from '../../src/live/index.ts';
import { serverThat } from './server-that.ts';
import { specOf, type SpecParts } from './spec.ts';

const users = [
  { name: 'ann', password: 'one' },
  { name: 'bob', password: 'two' },
];

/** A run of two users against whatever listens at `url`. */
const runAt = (url: string, options: Partial<LiveOptions> = {}) =>
  runLive(specOf({ users: 2, durationMs: 200 }), {
    signal: AbortSignal.timeout(30_000),
    timeScale: 1,
    maxLagMs: 1000,
    server: { url, users },
    ...options,
  });

const statusServer = (status: number, body = '') =>
  serverThat((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  });

describe('a run against a server that cannot serve it', () => {
  it.each([
    [401, 'DAVPULSE_SERVER_REFUSED'],
    [403, 'DAVPULSE_SERVER_REFUSED'],
    [500, 'DAVPULSE_SERVER_FAILED'],
    [200, 'DAVPULSE_SERVER_FAILED'],
    [404, 'DAVPULSE_SERVER_FAILED'],
  ])('ends with a sentence when it answers %i', async (status, code) => {
    using server = await statusServer(status);
    await expect(runAt(server.url)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(String(status)),
    });
  });

  it('ends with a sentence when it answers something that is not WebDAV', async () => {
    using server = await statusServer(207, '<html><body>Welcome</body></html>');
    await expect(runAt(server.url)).rejects.toMatchObject({
      code: 'DAVPULSE_SERVER_FAILED',
      message: expect.stringContaining('not a WebDAV multistatus'),
    });
  });

  it('ends with a sentence when nothing listens', async () => {
    const gone = await statusServer(200);
    gone[Symbol.dispose]();
    await expect(runAt(gone.url)).rejects.toMatchObject({
      code: 'DAVPULSE_SERVER_UNREACHABLE',
      message: expect.stringContaining('nothing listens'),
    });
  });

  it('ends with a sentence when there are too few accounts', async () => {
    await expect(
      runAt('http://127.0.0.1:9', { server: { url: 'http://127.0.0.1:9', users: users.slice(1) } }),
    ).rejects.toMatchObject({ code: 'DAVPULSE_OPTION_INVALID', message: expect.stringContaining('2 users') });
  });

  it('leaves servers beyond this machine alone, unless they are claimed and the rate is small', async () => {
    const server = { url: 'http://192.0.2.1', users };
    await expect(runAt(server.url)).rejects.toMatchObject({
      code: 'DAVPULSE_OPTION_INVALID',
      message: expect.stringContaining('--i-own-this-server'),
    });
    await expect(
      runAt(server.url, { server: { ...server, isOwn: true, maxPerSecond: 1 } }),
    ).rejects.toMatchObject({
      code: 'DAVPULSE_OPTION_INVALID',
      message: expect.stringContaining('--max-rate'),
    });
  });

  const pushed: Partial<SpecParts> = {
    users: 2,
    syncPolicy: { kind: 'on-push', spreadMs: 0, skipKnown: 0, wholeAccount: 1 },
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
  };
  const throttle = { burst: 1, refillMs: 1000, over: 'drop' } as const;
  it.each<[string, (spec: RunSpec) => RunSpec]>([
    [
      'throttling of a push service that also loses',
      (spec) => ({ ...spec, pushService: { ...spec.pushService, throttle, loss: 0.1 } }),
    ],
    [
      'importance that is drawn',
      (spec) => ({
        ...spec,
        pushPolicy: {
          kind: 'by-importance',
          highMs: 0,
          normalMs: 0,
          lowMs: 0,
          sendLow: 1,
          ttlSeconds: 60,
          topic: 1,
        },
      }),
    ],
    [
      'pacing in steps',
      (spec) => ({
        ...spec,
        server: {
          ...spec.server,
          pacing: {
            overMs: 1000,
            smooth: false,
            steps: [
              { load: 0, intervalMs: 1000 },
              { load: 0.5, intervalMs: 2000 },
            ],
          },
        },
      }),
    ],
    ['a limit of stored', (spec) => ({ ...spec, pushService: { ...spec.pushService, mostStored: 1 } })],
    ['keep-alives', (spec) => ({ ...spec, pushService: { ...spec.pushService, keepAliveMs: 10 } })],
    ['HTTP/2 without TLS', (spec) => ({ ...spec, transport: { ...spec.transport, http: '2' } })],
    [
      'a long poll',
      (spec) => ({
        ...spec,
        deviceGroups: spec.deviceGroups.map((group) => ({
          ...group,
          syncPolicy: { kind: 'long-poll', holdMs: 1000, gapMs: 0 },
        })),
      }),
    ],
    [
      'a NAT that forgets',
      (spec) => ({
        ...spec,
        deviceGroups: spec.deviceGroups.map((group) => ({
          ...group,
          link: { ...group.link, natTimeoutMs: 60_000 },
        })),
      }),
    ],
    [
      'a push service of its own',
      (spec) => ({
        ...spec,
        deviceGroups: spec.deviceGroups.map((group) => ({ ...group, pushService: spec.pushService })),
      }),
    ],
  ])('is refused by name when it needs %s, which only the simulator has', async (what, change) => {
    const run = runLive(change(specOf(pushed)), {
      signal: AbortSignal.timeout(5000),
      timeScale: 1,
      maxLagMs: 100,
    });
    await expect(run).rejects.toMatchObject({
      code: 'DAVPULSE_OPTION_INVALID',
      message: expect.stringMatching(new RegExp(`${what}.*simulated only`)),
    });
  });

  it('ends at once when it is told to, whatever the server does', async () => {
    const asked = Promise.withResolvers<undefined>();
    using server = await serverThat(() => asked.resolve(undefined));
    const abort = new AbortController();
    const run = runAt(server.url, { signal: abort.signal });
    await asked.promise;
    abort.abort(new Error('told to stop'));
    await expect(run).rejects.toThrow('told to stop');
  });
});
