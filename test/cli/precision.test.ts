import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse, scratch } from './davpulse.ts';

it('adds seeds until the interval is narrow enough or the budget ends, and says which', async () => {
  const folder = scratch();
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `name: narrow
duration: 6 h
users: 10
devices: [{ name: phone, class: phone, perUser: 1, radio: wired, link: loopback }]
collections: [{ name: team, members: 5, changes: { kind: poisson, perDay: 400 } }]
syncPolicy: { kind: fixed, interval: 1 min }
`,
  );
  const out = join(folder, 'out');
  const seedsOf = async () =>
    (await readResultFile(join(out, 'results.json'))).runs.map(({ spec }) => spec.seed);
  const reached = await davpulse(['run', file, '--out', out, '--precision', 'staleness.p50=50%']);
  expect(reached.stderr).toContain('staleness.p50 is within 50 % at every point after 3 seeds');
  expect(await seedsOf()).toEqual([1, 2, 3]);
  const ended = await davpulse([
    'run',
    file,
    '--out',
    out,
    '--precision',
    'staleness.p50=0.001%',
    '--max-seeds',
    '5',
  ]);
  expect(ended.stderr).toContain('the budget of 5 seeds ended with 1 of 1 points wider than 0.001 %');
  expect(await seedsOf()).toEqual([1, 2, 3, 4, 5]);
  expect((await davpulse(['run', file, '--precision', 'nothing=2%'])).code).toBe(2);
});
