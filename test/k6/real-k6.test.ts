import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { simulate } from '../../sim/index.ts';
import { startDavServer } from '../../src/dav/index.ts';
import { exportK6 } from '../../src/k6/index.ts';
import { compareK6, isK6Summary } from '../../src/results/index.ts';
import { specOf } from '../live/spec.ts';
import { findK6 } from './find-k6.ts';

const k6 = findK6();
const folder = mkdtempSync(join(tmpdir(), 'davpulse-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = specOf({ users: 3, devicesPerUser: 2, members: 1, objects: 2, durationMs: 3000 });
const users = ['ann', 'bob', 'cem'].map((name) => ({ name, password: `of-${name}` }));

const summarySchema = z.looseObject({
  metrics: z.record(z.string(), z.looseObject({ values: z.record(z.string(), z.number()) })),
});

async function runK6(url: string): Promise<unknown> {
  const files = exportK6(spec, { parallelism: 1, thresholds: [] });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'users.json'), JSON.stringify(users));
  const environment = {
    DAVPULSE_URL: url,
    DAVPULSE_USERS: join(folder, 'users.json'),
    DAVPULSE_SUMMARY: join(folder, 'summary.json'),
  };
  const settings = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  await promisify(execFile)(
    k6 ?? 'k6',
    ['run', '--quiet', '--no-usage-report', ...settings, join(folder, 'script.ts')],
    { timeout: 50_000 },
  );
  return JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
}

const reason = k6 === undefined ? ' (skipped: no k6 here; npm run k6:install builds it where Go is)' : '';

describe.skipIf(k6 === undefined)(`an exported script on real k6${reason}`, () => {
  it('makes the requests of the simulated run, none failed, and leaves a summary to read', async () => {
    const server = await startDavServer({ host: '127.0.0.1', port: 0, db: ':memory:', users });
    try {
      const content = await runK6(server.url);
      expect(isK6Summary(content)).toBe(true);
      const { metrics } = summarySchema.parse(content);
      const simulated = simulate(spec);
      const count = (name: string): number => metrics[name]?.values['count'] ?? 0;
      expect(metrics['http_req_failed']?.values['rate']).toBe(0);
      // k6 may begin one arrival more or less at the ends.
      const reports = count('http_reqs{kind:sync-collection}');
      expect(Math.abs(reports - simulated.requests['sync-collection'])).toBeLessThanOrEqual(1);
      expect(Math.abs(count('http_reqs{kind:put}') - simulated.requests.put)).toBeLessThanOrEqual(1);
      expect(metrics['staleness']?.values['count']).toBeGreaterThan(0);
      expect(compareK6(content, content).length).toBeGreaterThan(10);
    } finally {
      await server.close();
    }
  });
});
