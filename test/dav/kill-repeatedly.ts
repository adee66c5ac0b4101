import { spawn, type ChildProcess } from 'node:child_process';
import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { expect } from 'vitest';
import { event, parts, syncBody, syncToken, xml, type Reply } from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const authorization = `Basic ${Buffer.from('alice:alice').toString('base64')}`;

async function start(db: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['test/dav/serve-for-kill.ts', db], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(line) };
}

const ask = async (
  pool: Pool,
  method: 'PUT' | 'DELETE' | 'REPORT',
  path: string,
  body?: string,
): Promise<Reply> => {
  const answer = await pool.request({
    path,
    method,
    reset: false,
    headers: { authorization },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
};

/** Objects that were acknowledged: their entity tag, or null once removed. */
type Acknowledged = Map<string, string | null>;

/** Writes over all rounds: those answered, and those that the kill cut off. */
export interface Tally {
  answered: number;
  cutOff: number;
}

/** How many changes of the calendar wait in the outbox. */
function owedIn(db: string): number {
  const store = new DatabaseSync(db, { readOnly: true });
  try {
    const rows = store.prepare(
      "SELECT count(*) AS n FROM push_change JOIN node ON id = resource WHERE name = 'calendar' AND push_change.kind = 'content'",
    );
    return Number(rows.get()?.['n']);
  } finally {
    store.close();
  }
}

/** A subscription that is owed every change of the calendar; nobody listens at its endpoint. */
async function subscribe(pool: Pool): Promise<void> {
  const keys = createECDH('prime256v1');
  const register = xml(
    `<P:push-register><P:subscription><P:web-push-subscription><P:push-resource>http://127.0.0.1:9/x</P:push-resource><P:content-encoding>aes128gcm</P:content-encoding><P:subscription-public-key type="p256dh">${keys.generateKeys().toString('base64url')}</P:subscription-public-key><P:auth-secret>${randomBytes(16).toString('base64url')}</P:auth-secret></P:web-push-subscription></P:subscription><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger></P:push-register>`,
  );
  const answer = await pool.request({
    path: calendar,
    method: 'POST',
    headers: { authorization, 'content-type': 'application/xml' },
    body: register,
  });
  await answer.body.dump();
  expect(answer.statusCode).toBeLessThan(300);
}

/** Writes on several connections until the server dies; a write without an answer may have happened or not. */
async function writeUntilDeath(
  pool: Pool,
  round: number,
  acknowledged: Acknowledged,
  tally: Tally,
): Promise<Set<string>> {
  const uncertain = new Set<string>();
  const work = async (worker: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const uid = `${worker}-${n % 20}`;
      const remove = n % 7 === 6 && typeof acknowledged.get(uid) === 'string';
      uncertain.add(uid);
      const reply = await ask(
        pool,
        remove ? 'DELETE' : 'PUT',
        `${calendar}${uid}.ics`,
        remove ? undefined : event(uid, [`LOCATION:${round}.${n}`]),
      ).catch(() => undefined);
      if (reply === undefined) {
        tally.cutOff += 1;
        return;
      }
      tally.answered += 1;
      expect(reply.status).toBeLessThan(300);
      acknowledged.set(uid, remove ? null : String(reply.headers['etag']));
      uncertain.delete(uid);
    }
  };
  await Promise.all([work(0), work(1), work(2)]);
  return uncertain;
}

/**
 * Kills a server under write load again and again, and checks after each start what it acknowledged. `tell` is told
 * after each kill.
 */
export async function killRepeatedly(
  kills: number,
  tell: (kill: number, tally: Tally, owed: number) => void = () => undefined,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-kill-'));
  const db = join(folder, 'store.db');
  const acknowledged: Acknowledged = new Map();
  let uncertain = new Set<string>();
  let token = '';
  const tally: Tally = { answered: 0, cutOff: 0 };
  let known = new Map<string, string>();
  try {
    for (let round = 0; round <= kills; round += 1) {
      const { child, url } = await start(db);
      const exited = once(child, 'exit');
      const pool = new Pool(url, { connections: 4 });
      const all = await ask(pool, 'REPORT', calendar, syncBody(''));
      const held = new Map(
        parts(all).map(({ href, found }) => [
          href.slice(calendar.length, -4),
          found.get('getetag')?.text ?? '',
        ]),
      );
      for (const [uid, etag] of acknowledged) {
        if (!uncertain.has(uid)) expect(held.get(uid) ?? null).toBe(etag);
      }
      // What a client that synced before the kill is told must lead it to the very same state.
      if (token !== '') {
        const changes = await ask(pool, 'REPORT', calendar, syncBody(token));
        expect(changes.status).toBe(207);
        for (const { href, status, found } of parts(changes)) {
          const uid = href.slice(calendar.length, -4);
          if (status === 404) known.delete(uid);
          else known.set(uid, found.get('getetag')?.text ?? '');
        }
        expect(known).toEqual(held);
      }
      if (round === 0) await subscribe(pool);
      known = held;
      token = syncToken(all);
      for (const uid of acknowledged.keys())
        if (uncertain.has(uid)) acknowledged.set(uid, held.get(uid) ?? null);
      const writing =
        round === kills
          ? Promise.resolve(new Set<string>())
          : writeUntilDeath(pool, round, acknowledged, tally);
      // At a different point of the load each time.
      setTimeout(() => child.kill('SIGKILL'), 15 + ((round * 37) % 60));
      uncertain = await writing;
      await exited;
      await pool.destroy();
      // The change of an acknowledged write is in the outbox with it, and that of a lost one is not.
      const owed = owedIn(db);
      expect(owed).toBeGreaterThanOrEqual(tally.answered);
      expect(owed).toBeLessThanOrEqual(tally.answered + tally.cutOff);
      tell(round + 1, tally, owed);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
