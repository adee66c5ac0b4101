import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { simulate } from '../../sim/index.ts';
import { startDavServer } from '../../src/dav/index.ts';
import { exportK6 } from '../../src/k6/index.ts';
import { isK6Summary } from '../../src/results/index.ts';
import { specOf } from '../live/spec.ts';
import { loadOnShim } from './shim.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const users = [{ name: 'ann', password: 'one' }];
const spec = specOf({
  users: 1,
  devicesPerUser: 1,
  members: 1,
  durationMs: 60_000,
  client: { name: 'checks', check: 'sync-token', multigetBatch: 2 },
});
const options = { parallelism: 3, thresholds: ['server.response.p99 < 200ms', 'losses < 1'] };

async function exported(environment: Record<string, string>, own = spec) {
  const files = exportK6(own, options);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return await loadOnShim(join(folder, 'script.ts'), environment, {
    ...files,
    'users.json': JSON.stringify(users),
  });
}

describe('a scenario exported to k6', () => {
  it('arrives at the rates of the simulated run', async () => {
    const { script } = await exported({});
    const record = simulate(spec);
    expect(script.options.scenarios).toMatchObject({
      group_0: {
        executor: 'constant-arrival-rate',
        rate: record.groups[0]?.contacts,
        timeUnit: '60s',
        duration: '60s',
        exec: 'contact',
        env: { GROUP: '0' },
      },
      writes_0: { rate: record.requests.put, exec: 'write' },
    });
  });

  it('follows the hours of a day', async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 16 ? 1 : 0));
    const [group] = spec.collectionGroups;
    if (group === undefined) throw new RangeError('no group');
    const day = {
      ...spec,
      durationMs: 86_400_000,
      collectionGroups: [{ ...group, changes: { kind: 'daily' as const, perDay: 500, hours } }],
      deviceGroups: spec.deviceGroups.map((devices) => ({
        ...devices,
        syncPolicy: { kind: 'fixed' as const, intervalMs: 600_000 },
      })),
    };
    const { script } = await exported({}, day);
    expect(script.options.scenarios['writes_0']).toMatchObject({ executor: 'ramping-arrival-rate' });
  });

  it('holds k6 to what the scenario promises, where k6 can see it', async () => {
    const { script } = await exported({});
    expect(script.options.thresholds['http_req_duration']).toEqual(['p(99)<200']);
    expect(Object.keys(script.options.thresholds)).not.toContain('losses');
  });

  it('sends what the client profile sends, to a real server', async () => {
    const server = await startDavServer({ host: '127.0.0.1', port: 0, db: ':memory:', users });
    try {
      const { script, sent, state } = await exported({ DAVPULSE_URL: server.url, GROUP: '0' });
      const run = await script.setup();
      expect(sent.map(({ kind, method }) => `${kind} ${method}`)).toEqual([
        'setup MKCALENDAR',
        'setup PUT',
        'setup PUT',
        'setup PUT',
        'setup PROPFIND',
      ]);
      sent.length = 0;
      await script.contact(run);
      await script.contact(run);
      for (state.iteration = 0; state.iteration < 3; state.iteration += 1) await script.write(run);
      await script.contact(run);
      await script.contact(run);
      expect(sent.map(({ kind }) => kind)).toEqual([
        'sync-token',
        'sync-token',
        'put',
        'put',
        'put',
        'sync-token',
        'sync-collection',
        'multiget',
        'multiget',
        'sync-token',
      ]);
      expect(sent.every(({ status }) => status >= 200 && status < 300)).toBe(true);
      expect(state.trends.get('staleness')).toHaveLength(3);
    } finally {
      await server.close();
    }
  });

  it('refuses servers beyond this machine that nobody claimed', async () => {
    await expect(exported({ DAVPULSE_URL: 'https://dav.example.org' })).rejects.toThrow(/OWN_THIS_SERVER/);
    const claimed = { DAVPULSE_URL: 'https://dav.example.org', DAVPULSE_I_OWN_THIS_SERVER: '1' };
    expect((await exported(claimed)).script.options.scenarios).toHaveProperty('group_0');
  });

  it('writes a summary that results can be read from', async () => {
    const { script } = await exported({});
    const files = script.handleSummary({ metrics: { http_req_duration: { values: { 'p(95)': 3 } } } });
    expect(isK6Summary(JSON.parse(files['summary.json'] ?? ''))).toBe(true);
  });

  it('comes with a resource for the operator', () => {
    expect(parse(exportK6(spec, options)['testrun.yaml'] ?? '')).toMatchObject({
      apiVersion: 'k6.io/v1alpha1',
      kind: 'TestRun',
      metadata: { name: 'davpulse-test-test' },
      spec: { parallelism: 3, script: { configMap: { file: 'script.ts' } } },
    });
  });
});
