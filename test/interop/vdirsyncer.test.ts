import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { card, event, startTestServer } from '../dav/harness.ts';
import { installed, run } from './command.ts';

const config = (folder: string, url: string): string =>
  `[general]
status_path = "${folder}/status"
${(['calendar', 'addressbook'] as const)
  .map(
    (kind) => `
[pair ${kind}]
a = "${kind}_local"
b = "${kind}_remote"
collections = ["from b"]
[storage ${kind}_local]
type = "filesystem"
path = "${folder}/${kind}"
fileext = "${kind === 'calendar' ? '.ics' : '.vcf'}"
[storage ${kind}_remote]
type = "${kind === 'calendar' ? 'caldav' : 'carddav'}"
url = "${url}/"
username = "alice"
password = "alice"
`,
  )
  .join('')}`;

it.skipIf(!installed('vdirsyncer'))('syncs both ways with vdirsyncer, and shows khal what came', async () => {
  await using test = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-vdir-'));
  try {
    writeFileSync(join(folder, 'config'), config(folder, test.server.url));
    const sync = async (): Promise<void> => {
      const { code, output } = await run('vdirsyncer', ['-c', join(folder, 'config'), 'sync'], {
        cwd: folder,
      });
      expect([code, output]).toEqual([0, expect.anything()]);
    };
    await test.ask('PUT', '/calendars/alice/calendar/a.ics', {
      body: event('a', ['DTEND:20261201T100000Z']),
    });
    await test.ask('PUT', '/addressbooks/alice/addressbook/ann.vcf', { body: card('ann') });
    const found = await run('vdirsyncer', ['-c', join(folder, 'config'), 'discover'], {
      cwd: folder,
      input: 'y\n'.repeat(10),
    });
    expect([found.code, found.output]).toEqual([0, expect.anything()]);
    await sync();
    const local = join(folder, 'calendar', 'calendar');
    const file = readdirSync(local).find((name) => name.endsWith('.ics')) ?? '';
    expect(readFileSync(join(local, file), 'utf8').replaceAll('\r\n', '\n').trim()).toContain(
      'SUMMARY:Meeting',
    );
    expect(readdirSync(join(folder, 'addressbook', 'addressbook'))).toHaveLength(1);
    writeFileSync(
      join(local, 'b.ics'),
      event('b', ['DTEND:20261201T100000Z']).replace('Meeting', 'From afar'),
    );
    writeFileSync(join(folder, 'addressbook', 'addressbook', 'bob.vcf'), card('bob').replace('Ann', 'Bob'));
    await sync();
    expect((await test.ask('GET', '/calendars/alice/calendar/b.ics')).text).toContain('SUMMARY:From afar');
    expect((await test.ask('GET', '/addressbooks/alice/addressbook/bob.vcf')).status).toBe(200);
    rmSync(join(local, 'b.ics'));
    await sync();
    expect((await test.ask('GET', '/calendars/alice/calendar/b.ics')).status).toBe(404);
    if (installed('khal')) {
      mkdirSync(join(folder, 'khal'));
      writeFileSync(
        join(folder, 'khal', 'config'),
        `[calendars]\n[[one]]\npath = ${local}\n[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\nlocal_timezone = UTC\ndefault_timezone = UTC\n[sqlite]\npath = ${folder}/khal.db\n`,
      );
      const khal = (...args: string[]) =>
        run('khal', ['-c', join(folder, 'khal', 'config'), ...args], { cwd: folder });
      expect((await khal('list', '2026-12-01', '1d')).output).toContain('Meeting');
      await khal('new', '-a', 'one', '2026-12-02', '10:00', 'Made by khal');
      await sync();
      const listing = await test.ask('GET', '/calendars/alice/calendar/', {
        headers: { accept: 'text/html' },
      });
      expect(listing.text.match(/\.ics"/g)).toHaveLength(2);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
