import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readResultFile } from '../../src/results/index.ts';
import { davpulse, scratch } from '../cli/davpulse.ts';

const isThere = spawnSync('radicale', ['--version']).status === 0;
const users = 4;

const scenario = `kind: scenario
name: beside
backend: live
duration: 3 s
users: ${users}
devices:
  - { name: laptop, class: laptop, perUser: 2, radio: wired, link: loopback }
collections:
  - { name: team, members: 2, objects: 5, changes: { kind: poisson, perDay: 86400 } }
transport: { tls: false }
live: { maxLag: 5 s }
syncPolicy: { kind: fixed, interval: 500 ms }
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Debian's Radicale, as `davpulse targets radicale` says to start it. */
async function startRadicale(folder: string) {
  const accounts = Array.from({ length: users }, (_, user) => [`user${user}`, `secret${user}`] as const);
  writeFileSync(join(folder, 'htpasswd'), accounts.map((account) => `${account.join(':')}\n`).join(''));
  writeFileSync(join(folder, 'users.csv'), accounts.map((account) => `${account.join(',')}\n`).join(''));
  const port = await freePort();
  const child = spawn(
    'radicale',
    [
      `--server-hosts=127.0.0.1:${port}`,
      '--server-max-connections=200',
      '--auth-type=htpasswd',
      `--auth-htpasswd-filename=${join(folder, 'htpasswd')}`,
      '--auth-htpasswd-encryption=plain',
      '--auth-delay=0',
      `--storage-filesystem-folder=${join(folder, 'collections')}`,
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 200; tries += 1) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) break;
    await sleep(100);
  }
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

it.skipIf(!isThere)(
  'drives Radicale as a target, whose figures stand beside those of the bundled server',
  async () => {
    const folder = scratch();
    const file = join(folder, 'beside.yaml');
    writeFileSync(file, scenario);
    await using radicale = await startRadicale(folder);
    const run = async (name: string, ...more: string[]) => {
      const out = join(folder, name);
      const { code, stderr } = await davpulse(['run', file, '--out', out, ...more]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const [record] = (await readResultFile(join(out, 'results.json'))).runs;
      expect(record?.ledger.expected).toBeGreaterThan(5);
      expect(record?.ledger.lost).toBe(0);
      expect(record?.stateCheck.different).toBe(0);
      return { results: join(out, 'results.json'), busyMs: record?.server.busyMs ?? NaN };
    };
    const target = ['--target', radicale.url, '--users', join(folder, 'users.csv')];
    const driven = await run('radicale', ...target, '--target-pid', String(radicale.pid));
    const bundled = await run('bundled');
    expect(driven.busyMs).toBeGreaterThan(bundled.busyMs);
    const beside = await davpulse(['compare', bundled.results, driven.results]);
    expect(beside.stdout).toMatch(/staleness/i);
    expect(beside.stdout).toMatch(/requests/i);
  },
);
