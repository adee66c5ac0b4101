import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { davpulse, scratch } from './davpulse.ts';

const folder = scratch();
const auth = (user: string): string => `Basic ${Buffer.from(`${user}:secret`).toString('base64')}`;

describe('davpulse serve with shares, a log and limits', () => {
  const lines: string[] = [];
  let url = '';
  let stop = async (): Promise<void> => undefined;

  beforeAll(async () => {
    const shares = join(folder, 'shares.txt');
    writeFileSync(shares, 'alice/addressbooks/addressbook:bob:read-write\n\n');
    const users = ['alice', 'bob'].flatMap((name) => ['--user', `${name}:secret`]);
    const options = ['--share', 'alice/calendar:bob:read', '--shares', shares, '--log'];
    const limits = ['--accept-queue', '50', '--retry-after', '7', '--refresh-interval', '0=5min,0.7=30min'];
    const child = spawn(
      process.execPath,
      ['bin/davpulse.js', 'serve', '--no-tls', '--port', '0', ...users, ...options, ...limits],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createInterface(child.stderr);
    log.on('line', (line) => lines.push(line));
    const [ready] = await once(createInterface(child.stdout), 'line');
    url = String(ready).replace('davpulse serve: ', '');
    stop = async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
    };
  }, 30_000);
  afterAll(() => stop());

  const put = async (path: string, body: string): Promise<number> => {
    const headers = { authorization: auth('bob') };
    const answer = await request(url + path, { method: 'PUT', headers, body });
    await answer.body.dump();
    return answer.statusCode;
  };

  it('shares what it was told to share, as far as it was told', async () => {
    const event =
      'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:Ann\r\nN:A;;;;\r\nEND:VCARD\r\n';
    expect(await put('/calendars/bob/alice-calendar/a.ics', event)).toBe(403);
    expect(await put('/addressbooks/bob/alice-addressbook/a.vcf', card)).toBe(201);
  });

  it('writes one line of JSON for each request, without passwords', async () => {
    const headers = { authorization: auth('alice'), 'x-request-id': 'r-1' };
    const answer = await request(`${url}/calendars/alice/calendar/none.ics`, { headers });
    await answer.body.dump();
    await expect.poll(() => lines.find((line) => line.includes('"r-1"'))).toBeDefined();
    const line = lines.find((text) => text.includes('"r-1"')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', user: 'alice', status: 404, bytesUp: 0 });
    expect(lines.join('\n')).not.toContain('secret');
  });
});

describe('davpulse serve with a mistake', () => {
  const wrong = join(folder, 'wrong.txt');
  writeFileSync(wrong, 'alice/calendar:bob:read\nalice calendar bob\n');
  const base = ['serve', '--port', '0', '--no-tls', '--user', 'a:b'];
  it.each([
    ['a share that is none', ['--share', 'alice-bob'], 'expected OWNER/COLLECTION:USER:read'],
    ['a file of shares with a bad line', ['--shares', wrong], 'wrong.txt:2:1: expected OWNER/COLLECTION'],
    ['a queue of nothing', ['--accept-queue', '0'], 'expected a whole number from 1'],
    ['an interval without a unit', ['--refresh-interval', '15'], 'expected an interval such as 5min'],
    ['loads out of order', ['--refresh-interval', '0=5min,0.9=6min,0.2=7min'], 'from load 0 upwards'],
    [
      'a database of another program',
      ['--db', join(process.cwd(), 'package.json')],
      'cannot open the database',
    ],
  ])('says so for %s and exits with 2', async (_, args, expected) => {
    const { code, stderr } = await davpulse([...base, ...args]);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});
