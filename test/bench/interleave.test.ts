import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOut, interleave, type Side } from '../../src/bench/index.ts';
import { compareResults, formatResultFile } from '../../src/results/index.ts';
import { fixturePolicies, fixtureResult, fixtureRun } from '../report/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'davpulse-interleave-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A davpulse that answers every run with made-up figures, `factor` times as many requests, and notes its calls. */
function fakeSide(name: Side['name'], factor: number): Side {
  const [policy = { label: '', intervalMs: 1 }] = fixturePolicies;
  const runs = Array.from({ length: 12 }, (_, seed) => {
    const run = fixtureRun(policy, seed, { backend: 'live' });
    return { ...run, requests: { ...run.requests, put: run.requests.put + 1e6 * factor + 1000 * seed } };
  });
  const side = join(folder, name);
  mkdirSync(join(side, 'bin'), { recursive: true });
  writeFileSync(
    join(side, 'results.json'),
    JSON.stringify(runs.map((run) => formatResultFile({ ...fixtureResult(), runs: [run] }))),
  );
  writeFileSync(
    join(side, 'bin/davpulse.js'),
    `const fs = require('node:fs');
     const value = (name) => process.argv[process.argv.indexOf(name) + 1];
     fs.appendFileSync(${JSON.stringify(join(folder, 'calls'))}, '${name} ' + value('--seed') + '\\n');
     if (process.argv.includes('--fail')) { console.error('the server is gone'); process.exit(3); }
     const results = JSON.parse(fs.readFileSync(${JSON.stringify(join(side, 'results.json'))}, 'utf8'));
     fs.writeFileSync(value('--out') + '/results.json', results[Number(value('--seed'))]);`,
  );
  return { name, folder: side, args: [] };
}

describe('interleaved runs', () => {
  const base = fakeSide('base', 1);
  const head = fakeSide('head', 1.2);
  const options = { scenario: 'any.yaml', signal: AbortSignal.timeout(50_000) };

  it('take turns, the first side changing, and lead to a verdict', async () => {
    const results = await interleave(base, head, { ...options, pairs: 10 });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls.slice(0, 6)).toEqual(['base 1', 'head 1', 'head 2', 'base 2', 'base 3', 'head 3']);
    expect(results.base.runs).toHaveLength(10);
    const [requests] = compareResults(results.base, results.head, { metricIds: ['requests'] }).comparisons;
    expect([requests?.method, requests?.verdict]).toEqual(['rank', 'worse']);
  });

  it('pass on what a side that failed said last', async () => {
    const failing = { ...head, args: ['--fail'] };
    await expect(interleave(base, failing, { ...options, pairs: 1 })).rejects.toMatchObject({
      code: 'DAVPULSE_RUN_FAILED',
      message: 'pair 1, the head: the server is gone',
    });
  });
});

describe('checkouts', () => {
  it('are of the ref that was named, and leave nothing behind', async () => {
    let path = '';
    {
      await using checkout = await checkOut(process.cwd(), 'HEAD');
      path = checkout.folder;
      expect(readFileSync(join(path, 'package.json'), 'utf8')).toContain('"davpulse"');
    }
    expect(() => readFileSync(join(path, 'package.json'))).toThrow(/ENOENT/);
  });

  it('of nothing are refused', async () => {
    await expect(checkOut(process.cwd(), 'no-such-ref')).rejects.toMatchObject({
      code: 'DAVPULSE_OPTION_INVALID',
    });
  });
});
