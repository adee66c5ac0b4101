import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse } from '../cli/davpulse.ts';

const scenario = (policy: string): string => `kind: scenario
name: kept
backend: live
duration: 1500 ms
users: 4
devices:
  - { name: phone, class: phone, perUser: 1, radio: wired, link: loopback }
collections:
  - { name: team, members: 2, objects: 20, changes: { kind: poisson, perDay: 172800 } }
  - { name: own, members: 1, objects: 10, changes: { kind: poisson, perDay: 8640 } }
pushService: loopback
transport: { tls: false }
live: { maxLag: 1 s }
pushPolicy: { kind: immediate }
syncPolicy: ${policy}
`;

it('lets devices go on where the run before left them: no first syncs, no registrations, and pushes that still come', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-'));
  const state = join(folder, 'state');
  const run = async (policy: string) => {
    const file = join(folder, 'kept.yaml');
    writeFileSync(file, scenario(policy));
    const ended = await davpulse(['run', file, '--out', folder, '--keep-state', state]);
    expect(ended.stderr).not.toContain('DAVPULSE_');
    expect(ended.code).toBe(0);
    const [record] = (await readResultFile(join(folder, 'results.json'))).runs;
    if (record?.generator === undefined) throw new Error('no live record');
    return { ...record, generator: record.generator };
  };
  const first = await run('{ kind: hybrid, safetyInterval: 1 h }');
  expect(first.generator).toMatchObject({ setUp: { firstSyncs: 4, registered: 8, restored: 0 } });

  // No poll at all: whatever is learned comes through subscriptions of the first run.
  const second = await run('{ kind: on-push }');
  expect(second.generator).toMatchObject({ setUp: { firstSyncs: 0, registered: 0, restored: 4 } });
  expect(second.ledger.expected).toBeGreaterThan(0);
  expect(second.ledger).toMatchObject({ seen: second.ledger.expected, lost: 0 });
  expect(second.stateCheck).toMatchObject({ different: 0 });
  // Bodies are fetched for what changed, not for the thirty objects that the devices hold since the first run.
  expect(second.requests.multiget).toBeLessThanOrEqual(second.requests['sync-collection']);

  const [fleet = ''] = readdirSync(state);
  const kept = join(state, fleet, 'fleet.json');
  expect(statSync(kept).mode & 0o077).toBe(0);
  writeFileSync(kept, '{}');
  const broken = await davpulse(['run', join(folder, 'kept.yaml'), '--out', folder, '--keep-state', state]);
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('remove its folder') });
});
