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
  members: 1,
  durationMs: 60_000,
  client: { name: 'checks', check: 'sync-token', multigetBatch: 2 },
});

async function exported(environment: Record<string, string>) {
  const file = join(folder, 'script.ts');
  writeFileSync(file, exportK6(spec, 3).script);
  return await loadOnShim(file, environment, JSON.stringify(users));
}

describe('a scenario exported to k6', () => {
  it('arrives at the rates of the simulated run', async () => {
    const { script } = await exported({});
    const record = simulate(spec);
    expect(script.options.scenarios).toMatchObject({
      group_0: {
        executor: 'constant-arrival-rate',
        rate: record.groups[0]?.contacts,
        timeUnit: '1m',
        duration: '60s',
        exec: 'contact',
        env: { GROUP: '0' },
      },
      writes: { rate: record.requests.put, exec: 'write' },
    });
  });

  it('sends what the client profile sends, to a real server', async () => {
    const server = await startDavServer({ host: '127.0.0.1', port: 0, db: ':memory:', users });
    try {
      const { script, sent, state } = await exported({ DAVPULSE_URL: server.url, GROUP: '0' });
      await script.contact();
      await script.contact();
      for (state.iteration = 0; state.iteration < 3; state.iteration += 1) await script.write();
      state.iteration = 0;
      await script.contact();
      await script.contact();
      expect(sent.map(({ kind }) => kind)).toEqual([
        // The first contact takes the state as it is, the second finds nothing new.
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
    } finally {
      await server.close();
    }
  });

  it('writes a summary that results can be read from', async () => {
    const { script } = await exported({});
    const files = script.handleSummary({ metrics: { http_req_duration: { values: { 'p(95)': 3 } } } });
    expect(isK6Summary(JSON.parse(files['summary.json'] ?? ''))).toBe(true);
  });

  it('comes with a resource for the operator', () => {
    expect(parse(exportK6(spec, 3).testRun)).toMatchObject({
      apiVersion: 'k6.io/v1alpha1',
      kind: 'TestRun',
      metadata: { name: 'davpulse-test-test' },
      spec: { parallelism: 3, script: { configMap: { file: 'script.ts' } } },
    });
  });
});
