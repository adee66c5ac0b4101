import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { expect, it } from 'vitest';
import { event, propfindBody, syncBody, xml } from './harness.ts';

const members = 100_000;
const calendar = '/calendars/alice/calendar/';
const authorization = `Basic ${Buffer.from('alice:alice').toString('base64')}`;

/** MiB that a process has taken at most since it began, and has now; of Linux alone. */
function memoryOf(pid: number): { peak: number; now: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { peak: of('VmHWM'), now: of('VmRSS') };
}

const data = '<D:getetag/><C:calendar-data/>';
const listings: readonly {
  readonly name: string;
  readonly method: 'PROPFIND' | 'REPORT';
  readonly body: string;
}[] = [
  { name: 'entity tags by PROPFIND', method: 'PROPFIND', body: propfindBody('D:getetag', 'D:resourcetype') },
  { name: 'entity tags by sync-collection', method: 'REPORT', body: syncBody('') },
  { name: 'all events by sync-collection', method: 'REPORT', body: syncBody('', '', data) },
  {
    name: 'all events by calendar-query',
    method: 'REPORT',
    body: xml(
      `<C:calendar-query><D:prop>${data}</D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>`,
    ),
  },
];

it(`lists a calendar of ${members} events in less than 200 MiB of memory`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-listings-'));
  const db = join(folder, 'db');
  const flags = ['serve', '--no-tls', '--port', '0', '--db', db, '--user', 'alice:alice'];
  const child = spawn(process.execPath, ['bin/davpulse.js', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface(child.stdout), 'line');
    const url = /http:\S+/.exec(String(line))?.[0];
    const pool = new Pool(String(url), { connections: 8 });
    let next = 0;
    const fill = async (): Promise<void> => {
      while (next < members) {
        const uid = `event-${(next += 1)}`;
        const body = event(uid, [
          'DURATION:PT1H',
          'DESCRIPTION:What it is about, at some length',
          'LOCATION:Here',
        ]);
        const answer = await pool.request({
          path: `${calendar}${uid}.ics`,
          method: 'PUT',
          headers: { authorization },
          body,
        });
        expect(answer.statusCode).toBe(201);
        await answer.body.dump();
      }
    };
    await Promise.all(Array.from({ length: 8 }, fill));
    const pid = child.pid ?? 0;
    const filled = memoryOf(pid);
    writeSync(1, `filled: ${JSON.stringify(filled)} MiB\n`);
    for (const { name, method, body } of listings) {
      const answer = await pool.request({
        path: calendar,
        method,
        headers: { authorization, depth: '1' },
        body,
      });
      let bytes = 0;
      let parts = 0;
      for await (const part of answer.body) {
        bytes += Buffer.from(part).length;
        // A client that stores what it gets is slower than a server that lists it.
        if ((parts += 1) % 50 === 0) await wait(1);
      }
      expect(bytes).toBeGreaterThan(members * 100);
      writeSync(1, `${name}: ${(bytes / 1e6).toFixed(1)} MB told, ${JSON.stringify(memoryOf(pid))} MiB\n`);
    }
    await pool.close();
    expect(memoryOf(pid).peak).toBeLessThan(200);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
});
