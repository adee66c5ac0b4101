import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ChangeProcess } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import type { NameContext } from './catalogue.ts';
import { parseDuration } from './duration.ts';

type Trace = Extract<ChangeProcess, { kind: 'trace' }>;

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** The first Monday of the Unix epoch; runs start on a Monday. */
const mondayMs = 4 * dayMs;

interface Row {
  readonly atMs: number;
  /** A date and time of day rather than a time since the start. */
  readonly dated: boolean;
  readonly collection: string;
  readonly bytes: number | undefined;
}

/**
 * A recorded workload: a CSV file with a header and the columns `time`, `collection` and, if sizes were recorded,
 * `size` in bytes. A time is a number of seconds or a duration since the start of the run, or a date and time
 * (ISO 8601), of which the Monday before the first one is the start. Collections are those of the group in the
 * order in which the file first names them.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID, with the place in the scenario or `file:line` in the CSV file
 */
export function readTrace(name: string, collections: number, context: NameContext): Trace {
  const file = resolve(dirname(context.file), name);
  if (!existsSync(file)) throw context.error(`expected a CSV file beside the scenario; there is no ${name}`);
  const rows = rowsOf(file, textOf(file, name, context));
  const places = new Map<string, Row[]>();
  for (const row of rows) {
    const list = places.get(row.collection) ?? [];
    list.push(row);
    places.set(row.collection, list);
  }
  if (places.size > collections) {
    throw context.error(
      `expected at most the ${collections} collections of the group; ${name} names ${places.size}`,
    );
  }
  const startMs = startOf(rows);
  const lists = [...places.values()].map((list) =>
    list.map((row) => ({ ...row, atMs: row.atMs - startMs })).sort((a, b) => a.atMs - b.atMs),
  );
  const atMs = lists.map((list) => list.map((row) => row.atMs));
  if (rows.some(({ bytes }) => bytes === undefined)) return { kind: 'trace', atMs };
  return { kind: 'trace', atMs, bytes: lists.map((list) => list.map(({ bytes }) => bytes ?? 0)) };
}

function textOf(file: string, name: string, context: NameContext): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw context.error(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where time 0 of the run lies on the clock of the file. */
function startOf(rows: readonly Row[]): number {
  if (rows[0]?.dated !== true) return 0;
  const earliest = rows.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
  return Math.floor((earliest - mondayMs) / weekMs) * weekMs + mondayMs;
}

function rowsOf(file: string, text: string): Row[] {
  const invalid = (line: number, message: string) =>
    new DavpulseError('DAVPULSE_SCENARIO_INVALID', `${file}:${line}: ${message}`);
  const lines = text.split(/\r?\n/);
  const columns = cellsOf(lines[0] ?? '');
  const [time, collection, size] = ['time', 'collection', 'size'].map((column) => columns.indexOf(column));
  if (time === undefined || time < 0 || collection === undefined || collection < 0) {
    throw invalid(1, `expected the columns time, collection and size; got "${lines[0] ?? ''}"`);
  }
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = cellsOf(line);
    const at = timeOf(cells[time] ?? '');
    if (at === undefined) {
      throw invalid(
        index + 1,
        `expected a time such as 90, "15 min" or 2026-03-02T09:00:00Z; got "${cells[time] ?? ''}"`,
      );
    }
    if (rows[0] !== undefined && rows[0].dated !== at.dated) {
      throw invalid(index + 1, 'expected dates only, or times since the start only');
    }
    const name = cells[collection] ?? '';
    if (name === '') throw invalid(index + 1, 'expected the name of a collection');
    const bytes = size === undefined || size < 0 ? undefined : Number(cells[size]);
    if (bytes !== undefined && !(bytes >= 0 && cells[size ?? 0] !== '')) {
      throw invalid(index + 1, `expected a size in bytes; got "${cells[size ?? 0] ?? ''}"`);
    }
    rows.push({ ...at, collection: name, bytes });
  }
  if (rows.length === 0) throw invalid(2, 'expected at least one change');
  return rows;
}

/** Cells of a line; one in quotes may hold commas, and quotes written twice (RFC 4180 section 2). */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'),
  );

function timeOf(text: string): Pick<Row, 'atMs' | 'dated'> | undefined {
  const since = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (since !== undefined) return { atMs: since, dated: false };
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : { atMs: date, dated: true };
}
