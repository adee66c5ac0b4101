import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  formatResultFile,
  mergeResults,
  parseResultFile,
  readResultFile,
  writeResultFile,
} from '../../src/results/index.ts';
import { fixtureResult } from '../report/fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'davpulse-results-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing thrown';
};

describe('result files', () => {
  it('come back as they were written, and leave nothing else behind', async () => {
    const path = join(folder, 'sub', 'results.json');
    await writeResultFile(path, fixtureResult());
    expect(await readResultFile(path)).toEqual(fixtureResult());
    expect(readdirSync(join(folder, 'sub'))).toEqual(['results.json']);
  });

  it('are equal bytes for equal results, whatever the order of their keys', () => {
    const result = fixtureResult();
    const reversed = Object.fromEntries(Object.entries(result).toReversed());
    expect(formatResultFile({ ...result, ...reversed })).toBe(formatResultFile(result));
  });

  it('keep everything that depends on clock or machine inside one line', () => {
    const result = fixtureResult();
    const later = {
      ...result,
      made: { ...result.made, startedAt: '2027-01-01T00:00:00.000Z', durationMs: 1 },
    };
    const [a, b] = [result, later].map((file) => formatResultFile(file).split('\n'));
    expect(a?.filter((line, index) => line !== b?.[index])).toEqual([expect.stringMatching(/^"made": /)]);
  });

  it('name the file and the field that is wrong', async () => {
    const path = join(folder, 'bad.json');
    const text = formatResultFile(fixtureResult());
    writeFileSync(path, text.replace('"wakeUps":', '"wokeUp":'));
    await expect(readResultFile(path)).rejects.toMatchObject({
      code: 'DAVPULSE_RESULT_INVALID',
      message: expect.stringMatching(/bad\.json.*runs\.0\.groups\.0\.wakeUps/),
    });
    expect(codeOf(() => parseResultFile('{', 'x.json'))).toBe('DAVPULSE_RESULT_INVALID');
    expect(codeOf(() => parseResultFile(text.replace('"schema": 1', '"schema": 2'), 'x'))).toBe(
      'DAVPULSE_RESULT_INVALID',
    );
    await expect(readResultFile(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'DAVPULSE_FILE_UNREADABLE',
    });
  });

  it('cannot be written where a file stands for a folder', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'kept');
    await expect(writeResultFile(join(path, 'results.json'), fixtureResult())).rejects.toMatchObject({
      code: 'DAVPULSE_FILE_UNREADABLE',
    });
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });
});

describe('merging', () => {
  const whole = fixtureResult();
  const shard = (k: number) => {
    const indices = whole.runs.map((_, index) => index).filter((index) => index % 3 === k);
    return {
      ...whole,
      runs: whole.runs.filter((_, index) => index % 3 === k),
      part: { indices, of: whole.runs.length },
    };
  };

  it('puts shards together to the bytes of the whole', () => {
    const merged = mergeResults([2, 0, 1].map(shard));
    expect(formatResultFile({ ...merged, made: whole.made })).toBe(formatResultFile(whole));
  });

  it('stays a part while runs are missing, and takes the rest later', () => {
    const some = mergeResults([shard(0), shard(2)]);
    expect(some.part?.indices).toHaveLength(some.runs.length);
    expect(mergeResults([some, shard(1)]).runs).toEqual(whole.runs);
  });

  it('joins different studies one after the other', () => {
    const renamed = whole.runs.map((run) => ({
      ...run,
      spec: { ...run.spec, scenario: `other ${run.spec.scenario}` },
    }));
    expect(mergeResults([whole, { ...whole, runs: renamed }]).runs).toHaveLength(2 * whole.runs.length);
  });

  it('refuses a run twice, parts of different studies, parts with whole results, and nothing', () => {
    for (const results of [
      [whole, whole],
      [shard(0), shard(0)],
      [shard(0), { ...shard(1), source: 'another' }],
      [shard(0), { ...whole, runs: [] }],
      [],
    ]) {
      expect(codeOf(() => mergeResults(results))).toBe('DAVPULSE_RESULT_INVALID');
    }
  });
});
