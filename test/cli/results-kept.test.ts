import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse, scratch } from './davpulse.ts';

const folder = scratch();
const scenario = join(folder, 'small.yaml');
writeFileSync(
  scenario,
  `name: small
duration: 1 h
seeds: 2
users: 20
devices: [{ name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }]
collections: [{ name: personal, members: 1, changes: { kind: poisson, perDay: 4 } }]
syncPolicy: { kind: fixed, interval: 5 min }
`,
);

describe('what a run has found out', () => {
  it('has a place to go before the run begins', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const { code, stdout, stderr } = await davpulse(['run', scenario, '--out', join(folder, 'taken/out')]);
    expect(stderr).toContain('cannot be written to');
    expect(stderr).not.toContain('simulated');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each(['results.json', 'report.html'])('is shown when %s cannot be written', async (blocked) => {
    const out = join(folder, `blocked-${blocked}`);
    mkdirSync(join(out, blocked), { recursive: true });
    const { code, stdout, stderr } = await davpulse(['run', scenario, '--out', out]);
    expect(stdout).toContain('Staleness p50');
    expect(stderr).toContain(`${blocked} cannot be written`);
    expect(code).toBe(2);
  });

  it('is kept when nobody reads what the command says', async () => {
    const out = join(folder, 'unread');
    const args = [join(process.cwd(), 'bin/davpulse.js'), 'run', scenario, '--out', out];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    child.stderr.once('data', () => child.stderr.destroy());
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect((await readResultFile(join(out, 'results.json'))).runs).toHaveLength(2);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  });

  it('is not overwritten by the next share', async () => {
    for (const part of ['1/2', '2/2']) {
      const { code } = await davpulse(['run', scenario, '--shard', part], { cwd: folder });
      expect(code).toBe(0);
    }
    const parts = ['out/small-1-of-2', 'out/small-2-of-2'].map((out) => join(folder, out, 'results.json'));
    const indices = await Promise.all(parts.map(async (part) => (await readResultFile(part)).part?.indices));
    expect(indices).toEqual([[0], [1]]);
  });
});
