import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { davpulse, scratch } from './davpulse.ts';

it('a broken threshold ends a run with a code of its own, and says which one broke', async () => {
  const folder = scratch();
  const file = join(folder, 'scenario.yaml');
  const scenario = (limit: string) => `name: promise
duration: 1 h
users: 5
devices: [{ name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }]
collections: [{ name: team, members: 5, changes: { kind: poisson, perDay: 200 } }]
syncPolicy: { kind: fixed, interval: 5 min }
thresholds: ['staleness.p50 < ${limit}']
`;
  writeFileSync(file, scenario('10 s'));
  const broken = await davpulse(['run', file, '--out', join(folder, 'out')]);
  expect(broken.stderr).toMatch(
    /threshold broken: promise.*staleness\.p50 < 10 s, but it is \d+.*DAVPULSE_THRESHOLD_BROKEN/,
  );
  expect(broken.code).toBe(1);
  writeFileSync(file, scenario('5 min'));
  expect((await davpulse(['run', file, '--out', join(folder, 'out')])).code).toBe(0);
  writeFileSync(file, scenario('5 kB'));
  const invalid = await davpulse(['run', file]);
  expect(invalid.stderr).toMatch(/scenario\.yaml:7:14: .*takes ms, s, min, h, d/);
  expect(invalid.code).toBe(2);
});

it('a threshold on what there is nothing of is told, and why', async () => {
  const folder = scratch();
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `name: alone
duration: 1 h
users: 5
devices: [{ name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }]
collections: [{ name: own, members: 1, changes: { kind: poisson, perDay: 200 } }]
syncPolicy: { kind: fixed, interval: 5 min }
thresholds: ['staleness.p50 < 10 s']
`,
  );
  const { stderr, code } = await davpulse(['run', file, '--out', join(folder, 'out')]);
  expect(stderr).toContain('threshold not checked: alone: staleness.p50 < 10 s');
  expect(stderr).toContain('alone: no change had a device that had to learn of it');
  expect(code).toBe(0);
});
