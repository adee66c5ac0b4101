import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readK6Summary } from '../../src/k6/index.ts';
import { davpulse } from '../cli/davpulse.ts';

/** Left by k6 1.8.1 after ten seconds of `poll · busy · plain` of scenarios/agreement.yaml. */
const recorded = 'test/k6/recorded-summary.json';
const content = (): Record<string, unknown> => JSON.parse(readFileSync(recorded, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'davpulse-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a summary of k6', () => {
  it('is read kind by kind', () => {
    const figures = readK6Summary(content(), recorded);
    expect(figures.requests.map(({ kind, requests }) => [kind, requests])).toEqual([
      ['sync-collection', 4002],
      ['setup', 2120],
      ['multiget', 737],
      ['put', 183],
    ]);
    expect(figures.staleness).toMatchObject({ changes: 737, p50Ms: 992 });
    expect(figures.brokenThresholds).toEqual([]);
  });

  it('names thresholds that broke, but not those that are there for the sake of the figures', () => {
    const summary = readK6Summary(
      {
        ...content(),
        metrics: {
          http_req_failed: { values: { rate: 0.5 }, thresholds: { 'rate<0.01': { ok: false } } },
          'http_reqs{kind:put}': { values: { count: 0 }, thresholds: { 'count>=0': { ok: false } } },
        },
      },
      recorded,
    );
    expect(summary.brokenThresholds).toEqual(['http_req_failed: rate<0.01']);
  });

  it('makes a report', async () => {
    const { code, stdout } = await davpulse(['report', recorded, '--out', folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/sync-collection +4002/);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('p50 992 ms');
  });
});
