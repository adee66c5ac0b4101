import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const scenario = `kind: scenario
name: starved
backend: live
duration: 3 s
users: 4
devices:
  - { name: laptop, class: laptop, perUser: 2, radio: wired, link: loopback }
collections:
  - { name: team, members: 2, objects: 3, changes: { kind: poisson, perDay: 8640 } }
pushService: loopback
transport: { tls: false }
syncPolicy: { kind: fixed, interval: 200 ms }
`;

it('ends a run as invalid, with the lag printed, when the generator gets no processor', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-'));
  const file = join(folder, 'starved.yaml');
  writeFileSync(file, scenario);
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'bin/davpulse.js'), 'run', file, '--out', folder],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // What a busy neighbour does to it, without one that would disturb other tests.
  let stops = 0;
  const starving = setInterval(() => {
    if (!said.includes('%') || stops === 3) return;
    stops += 1;
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), 500);
  }, 750);
  await once(child, 'close');
  clearInterval(starving);
  expect(said).toMatch(/DAVPULSE_GENERATOR_LAGGED/);
  expect(said).toMatch(
    /1 % of its \d+ starts came [1-9]\d\d ms late or more and its event loop [1-9]\d\d ms/,
  );
  expect(child.exitCode).not.toBe(0);
});
