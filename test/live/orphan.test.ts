import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { scratch } from '../cli/davpulse.ts';

const scenario = `kind: scenario
name: killed
backend: live
duration: 60 s
users: 2
devices:
  - { name: laptop, class: laptop, perUser: 1, radio: wired, link: loopback }
collections:
  - { name: team, members: 2, objects: 1, changes: { kind: poisson, perDay: 86400 } }
pushService: loopback
transport: { tls: false }
syncPolicy: { kind: fixed, interval: 1 s }
`;

const childrenOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );

it.skipIf(!existsSync('/proc/self/task'))('ends the server of a run that was killed', async () => {
  const folder = scratch();
  const file = join(folder, 'killed.yaml');
  writeFileSync(file, scenario);
  const run = spawn(
    process.execPath,
    [join(process.cwd(), 'bin/davpulse.js'), 'run', file, '--out', folder],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const isUnderWay = Promise.withResolvers<undefined>();
  run.stderr.on('data', (chunk: Buffer) => {
    if (chunk.includes('%')) isUnderWay.resolve(undefined);
  });
  await isUnderWay.promise;
  const servers = childrenOf(run.pid ?? 0);
  expect(servers).not.toEqual([]);
  run.kill('SIGKILL');
  await once(run, 'close');
  const isThere = (pid: string): boolean => existsSync(`/proc/${pid}`);
  const patientUntil = performance.now() + 20_000;
  while (servers.some(isThere) && performance.now() < patientUntil) await sleep(50);
  expect(servers.filter(isThere)).toEqual([]);
});
