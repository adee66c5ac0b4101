import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sideBySide, type Side } from '../../src/bench/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-side-by-side-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scenario = join(folder, 'tiny.yaml');
writeFileSync(
  scenario,
  `name: tiny
backend: live
duration: 1 s
users: 3
devices: [{ name: phone, class: phone, perUser: 1, radio: wired, link: loopback }]
collections: [{ name: team, members: 3, objects: 2, changes: { kind: poisson, perDay: 100000 } }]
transport: { tls: false }
live: { maxLag: 10 s }
syncPolicy: { kind: fixed, interval: 250 ms }
`,
);
const study = loadStudy(scenario);
const here: Side = { name: 'base', folder: fileURLToPath(new URL('../..', import.meta.url)), args: [] };

describe('two servers side by side', () => {
  it('get the same fleet at the same time, and tell their work apart', async () => {
    const runs = await sideBySide(
      here,
      { ...here, name: 'head' },
      { study, pairs: 1, signal: AbortSignal.timeout(50_000) },
    );
    const [base, head] = [runs.base[0], runs.head[0]];
    expect(base?.ledger.changes).toBe(head?.ledger.changes);
    expect(base?.server.requests).toBeGreaterThan(5);
    for (const record of [base, head]) {
      expect(record?.stateCheck.different).toBe(0);
      expect(record?.server.busyMs).toBeGreaterThan(0);
    }
    expect(base?.server.busyMs).not.toBe(head?.server.busyMs);
  });

  it('say which side does not come up, and what it said', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'bin/davpulse.js'), `console.error('out of luck'); process.exit(1);`);
    const pair = sideBySide(
      { ...here, folder: broken },
      { ...here, name: 'head' },
      { study, pairs: 1, signal: AbortSignal.timeout(50_000) },
    );
    await expect(pair).rejects.toMatchObject({
      code: 'DAVPULSE_RUN_FAILED',
      message: 'the base ended with 1 before it was ready: out of luck',
    });
  });
});
