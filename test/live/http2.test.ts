import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunRecord } from '../../sim/index.ts';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse } from '../cli/davpulse.ts';

const scenario = (transport: string): string => `kind: scenario
name: http2
backend: both
duration: 2 s
users: 4
devices:
  - { name: laptop, class: laptop, perUser: 2, radio: wired, link: loopback }
collections:
  - { name: team, members: 2, objects: 5, changes: { kind: poisson, perDay: 86400 } }
pushService: loopback
transport: ${transport}
live: { maxLag: 5 s }
syncPolicy: { kind: fixed, interval: 300 ms }
`;

const run = async (transport: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-'));
  const file = join(folder, 'http2.yaml');
  writeFileSync(file, scenario(transport));
  const ended = await davpulse(['run', file, '--out', folder]);
  const runs = ended.code === 0 ? (await readResultFile(join(folder, 'results.json'))).runs : [];
  return { ...ended, runs };
};

const bytesOf = ({ bytes }: RunRecord, cause: string) => bytes.find((each) => each.cause === cause);

it('runs a fleet over HTTP/2 whose bytes are those of the simulator', async () => {
  const { code, runs } = await run('{ http: "2", tls: true }');
  expect(code).toBe(0);
  const live = runs.find(({ backend }) => backend === 'live');
  const sim = runs.find(({ backend }) => backend === 'sim');
  if (live === undefined || sim === undefined) throw new Error('no records');
  expect(live.stateCheck).toMatchObject({ different: 0 });
  expect(live.ledger.lost).toBe(0);
  expect(live.generator?.failures).toBe(0);
  const count = ({ requests }: RunRecord): number => requests['sync-collection'];
  // A busy machine skips polls, which is not what is asked here.
  expect(count(live)).toBeGreaterThan(0.5 * count(sim));
  for (const way of ['up', 'down'] as const) {
    const perRequest = (run: RunRecord): number => (bytesOf(run, 'check')?.[way] ?? 0) / count(run);
    expect(Math.abs(perRequest(live) / perRequest(sim) - 1)).toBeLessThan(0.05);
  }
});

it('refuses HTTP/2 in clear text by name', async () => {
  const { code, stderr } = await run('{ http: "2", tls: false }');
  expect(code).toBe(2);
  expect(stderr).toMatch(/davpulse-http2-clear|HTTP\/2 without TLS/);
});
