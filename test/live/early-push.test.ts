import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { basicCredentials } from '../../src/client/index.ts';
import { makeUsers, runLive, startBundledServer } from '../../src/live/index.ts';
import { specOf } from './spec.ts';

const keptFleet = z.object({ collections: z.array(z.object({ path: z.string(), user: z.string() })) });

it('leaves out of account what was pushed while the fleet was away and comes before its time begins', async () => {
  const plain = specOf({
    durationMs: 500,
    changesPerSecond: 1e-6,
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
    syncPolicy: { kind: 'on-push', spreadMs: 0 },
  });
  const deviceGroups = plain.deviceGroups.map((group) => ({
    ...group,
    radio: { ...group.radio, idleWatts: 1 },
  }));
  const spec = { ...plain, deviceGroups };
  const users = makeUsers(spec.users);
  const signal = AbortSignal.timeout(50_000);
  await using stack = new AsyncDisposableStack();
  const server = await startBundledServer(spec, users, signal);
  stack.defer(server.stop);
  const stateFolder = mkdtempSync(join(tmpdir(), 'davpulse-'));
  stack.defer(() => rmSync(stateFolder, { recursive: true }));
  const { url, pushServiceUrl = '' } = server;
  const run = () =>
    runLive(spec, {
      signal,
      timeScale: 1,
      maxLagMs: 5000,
      stateFolder,
      server: { url, users, pushServiceUrl },
    });
  await run();

  const [fleet = ''] = readdirSync(stateFolder);
  const { collections } = keptFleet.parse(
    JSON.parse(readFileSync(join(stateFolder, fleet, 'fleet.json'), 'utf8')),
  );
  for (const { path, user } of collections) {
    const { authorization } = basicCredentials(user, users.find(({ name }) => name === user)?.password ?? '');
    const { status } = await fetch(new URL(`${path}o0.ics`, url), {
      method: 'DELETE',
      headers: { authorization },
    });
    expect(status).toBe(204);
  }
  const { devices, groups, push, stateCheck } = await run();
  const awake = 0.5 * devices;
  expect(groups[0]?.energyJ.idle).toBeCloseTo(awake, 6);
  expect(groups[0]?.energyJ.active).toBeLessThan(awake);
  expect(push.delivered).toBe(0);
  expect(stateCheck).toMatchObject({ different: 0 });
}, 30_000);
