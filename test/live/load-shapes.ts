import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { simulate, type RunRecord } from '../../sim/index.ts';
import { readResultFile } from '../../src/results/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';
import { davpulse } from '../cli/davpulse.ts';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const between = (seconds: readonly number[], from: number, to: number): number =>
  sum(seconds.slice(from, to));

/** What the requests per second of each scenario in scenarios/load must look like, in either backend. */
export const shapes: Readonly<Record<string, (seconds: readonly number[]) => void>> = {
  steady: (seconds) => {
    expect(Math.max(...seconds)).toBeLessThan(2 * (sum(seconds) / seconds.length));
    expect(Math.min(...seconds)).toBeGreaterThan(0.5 * (sum(seconds) / seconds.length));
  },
  ramp: (seconds) => {
    expect(between(seconds, 3, 6)).toBeGreaterThan(1.5 * between(seconds, 0, 3));
    expect(between(seconds, 6, 9)).toBeGreaterThan(1.2 * between(seconds, 3, 6));
  },
  step: (seconds) => {
    expect(between(seconds, 5, 9) / 4).toBeGreaterThan(2.5 * (between(seconds, 0, 5) / 5));
  },
  herd: (seconds) => {
    // Thirty devices, a report and a fetch each, within one second and nothing in between.
    expect(Math.max(...seconds)).toBe(60);
    expect(seconds.filter((count) => count > 0)).toHaveLength(2);
  },
  'reconnect-storm': (seconds) => {
    expect(Math.min(...seconds.slice(3, 5))).toBe(0);
    expect(between(seconds, 5, 9)).toBeGreaterThan(0);
  },
  'push-reconnect-storm': (seconds) => {
    // Devices that are not pushed do not ask; only changes go on being written.
    expect(between(seconds, 3, 5)).toBeLessThan(0.5 * between(seconds, 1, 3));
    expect(between(seconds, 5, 9)).toBeGreaterThan(0);
  },
  'quarter-hour': (seconds) => {
    const bunches = between(seconds, 3, 5) + between(seconds, 6, 8);
    expect(bunches).toBeGreaterThan(0.9 * sum(seconds));
  },
};

/** Runs one of the scenarios and gives its record. */
export async function runShape(name: string, backend: 'sim' | 'live'): Promise<RunRecord> {
  const file = join('scenarios/load', `${name}.yaml`);
  if (backend === 'sim') {
    const [run] = loadStudy(file, { backend }).runs;
    if (run === undefined) throw new Error('no run');
    return simulate(run.spec);
  }
  const out = mkdtempSync(join(tmpdir(), 'davpulse-'));
  const { code, stderr } = await davpulse(['run', file, '--backend', backend, '--out', out]);
  expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
  expect(stderr).toMatch(/live: .* · \d+ requests\/s · \d+ pushes\/s · stale .* · lag \d+ ms/);
  const [record] = (await readResultFile(join(out, 'results.json'))).runs;
  if (record === undefined) throw new Error('no record');
  return record;
}
