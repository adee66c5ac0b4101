import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse, scratch } from './davpulse.ts';

const folder = scratch();
const simulated = `kind: scenario
name: small
duration: 6 h
seeds: 2
users: 200
devices:
  - { name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte, batteryWh: 15.4 }
collections:
  - { name: family, members: 4, changes: { kind: poisson, perDay: 20 } }
pushService: typical
syncPolicy: { kind: fixed, interval: 5 min }
sweep:
  - name: policy
    points:
      - { label: poll, set: {} }
      - { label: push, set: { syncPolicy: { kind: hybrid, safetyInterval: 4 h }, pushPolicy: { kind: window, window: 3 s } } }
`;

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const withoutMade = (path: string): string =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('"made"'))
    .join('\n');

describe('davpulse run', () => {
  const scenario = file('small.yaml', simulated);

  it('writes the same bytes for one worker and for two, and from shards', async () => {
    const outs = ['one', 'two', 'shard-1', 'shard-2', 'merged'].map((name) => join(folder, name));
    const [one = '', two = '', first = '', second = '', merged = ''] = outs;
    expect((await davpulse(['run', scenario, '--workers', '1', '--out', one])).code).toBe(0);
    expect((await davpulse(['run', scenario, '--workers', '2', '--out', two])).code).toBe(0);
    await davpulse(['run', scenario, '--shard', '1/2', '--out', first]);
    await davpulse(['run', scenario, '--shard', '2/2', '--out', second]);
    const parts = [second, first].map((out) => join(out, 'results.json'));
    expect((await davpulse(['report', ...parts, '--out', merged])).code).toBe(0);
    const expected = withoutMade(join(one, 'results.json'));
    expect(withoutMade(join(two, 'results.json'))).toBe(expected);
    expect(withoutMade(join(merged, 'results.json'))).toBe(expected);
  });

  it('counts what a push service that drops everything loses, and exits with 1', async () => {
    const lossy = simulated
      .replace(
        'pushService: typical',
        'pushService: { name: black hole, delay: 1 s, loss: 1, keepAlive: 0 s }',
      )
      .replace(
        'syncPolicy: { kind: fixed, interval: 5 min }',
        'syncPolicy: { kind: on-push }\npushPolicy: { kind: immediate }',
      )
      .replace(/sweep:[^]*/, '');
    const out = join(folder, 'lossy');
    const { code, stderr } = await davpulse(['run', file('lossy.yaml', lossy), '--out', out]);
    const [run] = (await readResultFile(join(out, 'results.json'))).runs;
    expect(run?.ledger.expected).toBeGreaterThan(0);
    expect(run?.ledger.lost).toBe(run?.ledger.expected);
    expect(run?.stateCheck.different).toBeGreaterThan(0);
    expect(stderr).toContain('never happened');
    expect(code).toBe(1);
  });

  it('keeps what was finished when it is interrupted', async () => {
    const long = simulated
      .replace('users: 200', 'users: 200\nseeds: 40')
      .replace('seeds: 2\n', '')
      .replace('6 h', '10 d');
    const out = join(folder, 'interrupted');
    let interrupted = false;
    const { code, stderr } = await davpulse(
      ['run', file('long.yaml', long), '--out', out, '--workers', '1'],
      {
        onStderr: (text, interrupt) => {
          if (interrupted || !/\b[1-9]\d* of 80 runs/.test(text)) return;
          interrupted = true;
          interrupt();
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted');
    const kept = await readResultFile(join(out, 'results.json'));
    expect(kept.runs.length).toBeGreaterThan(0);
    expect(kept.runs.length).toBeLessThan(80);
  });

  it('keeps what a single run has come to when it is interrupted', async () => {
    const long = simulated
      .replace('users: 200', 'users: 20000')
      .replace('seeds: 2\n', '')
      .replace('6 h', '100 d')
      .replace(/sweep:[^]*/, '');
    const out = join(folder, 'cut-short');
    let interrupted = false;
    const { code, stderr } = await davpulse(
      ['run', file('one-long.yaml', long), '--mode', 'exact', '--out', out],
      {
        onStderr: (text, interrupt) => {
          if (interrupted || !/hour [1-9]/.test(text)) return;
          interrupted = true;
          interrupt();
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain('the one that was under way is kept as a run of');
    const kept = await readResultFile(join(out, 'results.json'));
    expect(kept.part).toEqual({ indices: [0], of: 1, cutShort: true });
    const [run] = kept.runs;
    expect(run?.spec.durationMs).toBe(run?.countedMs);
    expect(run?.countedMs).toBeLessThan(100 * 86_400_000);
    const report = await davpulse(['report', join(out, 'results.json'), '--out', join(out, 'again')]);
    expect(report.code).toBe(0);
    expect(readFileSync(join(out, 'again', 'report.html'), 'utf8')).toContain('The run was interrupted');
  });

  it('prints the result record with --json', async () => {
    const { stdout } = await davpulse([
      'run',
      scenario,
      '--json',
      '--seed',
      '9',
      '--out',
      join(folder, 'json'),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'small',
      runs: [{ spec: { seed: 9 } }, { spec: { seed: 9 } }],
    });
  });
});
