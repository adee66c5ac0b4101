import { Pool } from 'undici';
import { put, rowsFor, send, sync, type Row } from './requests.ts';
import type { Target } from './targets.ts';

export interface Figure {
  readonly server: string;
  readonly events: number;
  readonly row: string;
  readonly perSecond: number;
}

const tokenIn = (text: string): string => /<(?:\w+:)?sync-token[^>]*>([^<]+)</.exec(text)?.[1] ?? '';

/** Fills the calendar; false when that would take longer than `limitMs`. */
export async function seed(target: Target, from: number, to: number, limitMs: number): Promise<boolean> {
  const started = performance.now();
  const pool = new Pool(new URL(target.calendar).origin, { connections: 4 });
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to && performance.now() - started < limitMs) {
      const index = next;
      next += 1;
      const { status } = await send(target, put(target, index), pool);
      if (status >= 300) throw new Error(`${target.name} refused an event: ${status}`);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  await pool.close();
  return next >= to;
}

/** A target with what its rows ask. */
export interface Prepared {
  readonly target: Target;
  readonly rows: readonly Row[];
}

/** Changes ten events and learns the sync tokens before and after. */
export async function prepareRows(target: Target, size: number): Promise<Prepared> {
  const before = tokenIn((await send(target, sync(target, ''))).text);
  for (let index = 0; index < 10; index += 1) await send(target, put(target, index, 1));
  const current = tokenIn((await send(target, sync(target, before))).text);
  return { target, rows: rowsFor(target, size, current, before) };
}

const turns = 4;

/**
 * Requests per second of each row, closed loop. The servers take turns within a row, so that what else the machine
 * does meets all of them.
 */
export async function runRows(prepared: readonly Prepared[], size: number, rowMs: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [index, { name }] of (prepared[0]?.rows ?? []).entries()) {
    const totals = prepared.map(() => ({ done: 0, seconds: 0 }));
    for (let turn = 0; turn <= turns; turn += 1) {
      for (const [at, { target, rows }] of prepared.entries()) {
        const row = rows[index];
        const total = totals[at];
        if (row === undefined || total === undefined) continue;
        const { done, seconds } = await loop(target, row, rowMs / turns);
        // The first turn warms up.
        if (turn === 0) continue;
        total.done += done;
        total.seconds += seconds;
      }
    }
    for (const [at, { target }] of prepared.entries()) {
      const { done = 0, seconds = 1 } = totals[at] ?? {};
      figures.push({ server: target.name, events: size, row: name, perSecond: done / seconds });
    }
  }
  return figures;
}

async function loop(target: Target, row: Row, forMs: number): Promise<{ done: number; seconds: number }> {
  const pool = new Pool(new URL(target.calendar).origin, { connections: row.connections });
  const started = performance.now();
  let done = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - started < forMs) {
      const { status } = await send(target, row.next(), pool);
      if (status >= 300) throw new Error(`${target.name}, ${row.name}: ${status}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: row.connections }, work));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  return { done, seconds };
}
