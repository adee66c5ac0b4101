import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { davpulse, scratch } from './davpulse.ts';

const folder = scratch();
const live = `kind: scenario
name: small
backend: live
duration: 2 s
users: 2
devices: [{ name: phone, class: phone, perUser: 1, radio: wired, link: loopback }]
collections: [{ name: personal, members: 1, changes: { kind: poisson, perDay: 4 } }]
transport: { tls: false }
syncPolicy: { kind: fixed, interval: 1 s }
`;

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('davpulse with a mistake', () => {
  it.each([
    ['an unknown option', ['run', 'x.yaml', '--nonsense'], "unknown option '--nonsense'"],
    ['an unknown command', ['nonsense'], "unknown command 'nonsense'"],
    ['a missing argument', ['run'], "missing required argument 'scenario'"],
    ['an unknown backend', ['run', 'x.yaml', '--backend', 'real'], 'Allowed choices are sim, live, both'],
    ['a setting without a value', ['run', 'x.yaml', '--set', 'users'], 'expected path=value'],
    ['a file that is not there', ['run', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
    ['a result file that is none', ['report', 'package.json'], 'DAVPULSE_RESULT_INVALID'],
    ['a port out of range', ['serve', '--port', '70000'], 'expected a whole number from 0 to 65535'],
    ['a server nobody could log in to', ['serve', '--port', '0'], 'give --user NAME:PASSWORD'],
  ])('says so for %s and exits with 2', async (_, args, expected) => {
    const { code, stderr, stdout } = await davpulse(args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    [['--target', 'http://127.0.0.1:9/', '--users', 'x.csv'], '--target is for live runs'],
    [['--watch'], '--watch is for live runs'],
    [['--keep-state', 'kept'], '--keep-state is for live runs'],
    [['--users', 'x.csv'], '--users says more of a --target'],
    [['--max-rate', '3'], '--max-rate says more of a --target'],
  ])('refuses options that would change nothing: %j', async (options, expected) => {
    const scenario = file('simulated.yaml', live.replace('backend: live', 'backend: sim'));
    const { code, stderr } = await davpulse(['run', scenario, ...options, '--out', join(folder, 'idle')]);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });

  it.each([
    ['a target that is no URL', ['--target', 'dav'], 'a,b\nc,d\n', '--target expects a URL'],
    [
      'an account twice',
      ['--target', 'http://127.0.0.1:9/'],
      'a,b\n\na,c\n',
      'twice.csv:3:1: expected each account',
    ],
    ['too few accounts', ['--target', 'http://127.0.0.1:9/'], 'a,b\n', 'only 1 accounts are given'],
  ])('refuses %s before anything is simulated', async (_, options, accounts, expected) => {
    const scenario = file('both.yaml', live.replace('backend: live', 'backend: both'));
    const users = file('twice.csv', accounts);
    const { code, stderr } = await davpulse(['run', scenario, ...options, '--users', users]);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('simulat');
    expect(code).toBe(2);
  });

  it('refuses what only the simulator can do also for a dry run', async () => {
    const polled = live.replace('{ kind: fixed, interval: 1 s }', '{ kind: long-poll, hold: 1 min }');
    const { code, stderr } = await davpulse(['run', file('held.yaml', polled), '--dry-run']);
    expect(stderr).toContain('a long poll is simulated only');
    expect(code).toBe(2);
  });

  it('names file, line and column of an error in a scenario and starts nothing', async () => {
    const scenario = file('broken.yaml', live.replace('interval: 1 s', 'interval: -1 s'));
    const out = join(folder, 'broken-out');
    const { code, stderr } = await davpulse(['run', scenario, '--out', out]);
    expect(stderr).toContain('broken.yaml:9:38: syncPolicy.interval: expected a duration');
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});

describe('davpulse against a server that is no use', () => {
  const servers = [401, 500].map((status) => ({
    status,
    server: createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    }),
  }));
  const scenario = file('live.yaml', live);
  const users = file('users.csv', 'a,b\nc,d\n');

  beforeAll(() =>
    Promise.all(servers.map(({ server }) => new Promise<void>((up) => server.listen(0, '127.0.0.1', up)))),
  );
  afterAll(() => {
    for (const { server } of servers) server.close();
  });
  const portOf = (status: number): number => {
    const address = servers.find((one) => one.status === status)?.server.address();
    if (address === null || typeof address !== 'object') throw new Error('not listening');
    return (address satisfies AddressInfo).port;
  };
  const target = (port: number): string[] => [
    'run',
    scenario,
    '--target',
    `http://127.0.0.1:${port}/`,
    '--users',
    users,
  ];

  it.each([
    ['refuses the credentials', () => portOf(401), 'DAVPULSE_SERVER_REFUSED'],
    ['answers 500', () => portOf(500), 'DAVPULSE_SERVER_FAILED'],
    ['is not there', () => 9, 'DAVPULSE_SERVER_UNREACHABLE'],
  ])('that %s: one sentence, exit code 3', async (_, port, expected) => {
    const { code, stderr } = await davpulse([...target(port()), '--out', join(folder, 'no-out')]);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(3);
  });

  it('says which port is taken, exit code 2', async () => {
    const port = String(portOf(500));
    for (const args of [['serve', '--no-tls', '--user', 'a:b'], ['push-service']]) {
      const { code, stderr } = await davpulse([...args, '--port', port]);
      expect(stderr).toContain('DAVPULSE_PORT_IN_USE');
      expect(stderr).toContain(port);
      expect(code).toBe(2);
    }
  });
});
