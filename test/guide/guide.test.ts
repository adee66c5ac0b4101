import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compactResult } from '../../src/guide/compact-result.ts';
import { crossing } from '../../src/guide/points.ts';
import { chapters, guideMarkdown, sevenThings, writeChapters } from '../../src/guide/index.ts';
import { readResultFile } from '../../src/results/index.ts';
import { runStudy } from '../../src/run/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const folder = 'reports/guide';
const sevenThingsFile = 'reports/seven-things.md';

describe('the committed guide', () => {
  it('has the numbers that its committed results give', async () => {
    const results = new Map(
      await Promise.all(
        chapters.map(
          async ({ id }) => [id, await readResultFile(join(folder, 'data', `${id}.json`))] as const,
        ),
      ),
    );
    const written = writeChapters(results, 'scenarios/data');
    expect(guideMarkdown(results, written, 'davpulse guide')).toBe(
      readFileSync(join(folder, 'README.md'), 'utf8'),
    );
    expect(sevenThings(results)).toBe(readFileSync(sevenThingsFile, 'utf8'));
    for (const { id } of written.flatMap(({ content }) => content.figures)) {
      for (const ending of ['svg', 'png', 'csv', 'json', 'parquet']) {
        expect(existsSync(join(folder, 'figures', `${id}.${ending}`)), `${id}.${ending}`).toBe(true);
      }
    }
  });

  it('has the results that running a chapter again gives', async () => {
    const committed = await readResultFile(join(folder, 'data/safety-poll.json'));
    const study = loadStudy('scenarios/guide/safety-poll.yaml');
    expect(study.text).toBe(committed.source);
    const one = study.runs.filter(({ spec }) => spec.seed === 1);
    const outcome = await runStudy({ ...study, runs: one }, { signal: AbortSignal.timeout(50_000) });
    expect(outcome.error).toBeUndefined();
    const again = compactResult({ ...committed, runs: outcome.finished.map(({ record }) => record) });
    expect(again.runs).toEqual(committed.runs.filter(({ spec }) => spec.seed === 1));
  });
});

describe('break-even points', () => {
  it('lie where two power laws meet', () => {
    const curve = [1, 4, 16, 64].map((x) => ({ x, y: 3 * x ** 0.5 }));
    expect(crossing(curve, 3 * 10 ** 0.5)).toBeCloseTo(10, 9);
    expect(crossing(curve, 100)).toBeUndefined();
  });
});
