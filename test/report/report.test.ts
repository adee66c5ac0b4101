import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderGaps, renderTable, writeReport } from '../../src/report/index.ts';
import { answer } from '../../src/report/answer.ts';
import { describeRun } from '../../src/report/describe-run.ts';
import { figuresOf } from '../../src/report/figures.ts';
import { formatEstimate, formatNumber, formatValue } from '../../src/report/format.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { scenesOf } from '../../src/report/scene.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { compareBackends, metricById, summarize } from '../../src/results/index.ts';
import { stripVTControlCharacters } from 'node:util';
import { fixtureResult } from './fixture.ts';

const result = fixtureResult();

describe('numbers for people', () => {
  it('carry three digits and the unit that fits', () => {
    expect([0, 12, 1234.5, 12.34, 0.012_34, NaN].map((value) => formatNumber(value))).toEqual([
      '0',
      '12',
      '1,235',
      '12.3',
      '0.0123',
      '–',
    ]);
    expect(formatValue('ms', 450_000)).toBe('7.50 min');
    expect(formatValue('ms', 0.25)).toBe('0.250 ms');
    expect(formatValue('bytes/device-day', 1_234_567)).toBe('1.23 MB');
    expect(formatValue('share', 0.999_96)).toBe('99.996 %');
    expect(formatValue('share', 1)).toBe('100 %');
  });

  it('show intervals in the digits of the mean, never narrower than they are', () => {
    expect(formatEstimate('ms', { mean: 450_000, halfWidth: 6100, n: 3 })).toBe('7.50 min ±0.11');
    expect(formatEstimate('ms', { mean: 450_000, n: 1 })).toBe('7.50 min');
    expect(formatEstimate('count', { mean: 0, halfWidth: 0, n: 3 })).toBe('0 ±0');
  });
});

describe('table for terminals', () => {
  const text = stripVTControlCharacters(
    renderTable(summarize(result.runs)) + renderGaps(compareBackends(result.runs)),
  );

  it('fits in 100 columns', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('has every policy in every part, with its interval', () => {
    expect(text.match(/^push, 3 s window/gm)).toHaveLength(3 + 3 + 3 + 5);
    expect(text).toMatch(/poll 15 min.*7\.4\d min ±0\.\d/);
  });
});

describe('answer', () => {
  it('takes three sentences about push and polling from the numbers', () => {
    const [scene] = scenesOf(result);
    const sentences = scene === undefined ? [] : answer(scene);
    expect(sentences).toHaveLength(3);
    expect(sentences[0]).toContain('“poll 1 min”');
    expect(sentences[1]).toMatch(/times fresher/);
    expect(sentences[2]).toContain('No change was lost');
  });

  it('names what was lost', () => {
    const runs = result.runs.map((run) =>
      run.spec.label === 'poll 1 min' ? { ...run, ledger: { ...run.ledger, lost: 120 } } : run,
    );
    const [scene] = scenesOf({ ...result, runs });
    expect(scene === undefined ? [] : answer(scene).at(-1)).toContain('lost: 1 % under “poll 1 min”');
  });

  it('says what it can when only one family ran', () => {
    const runs = result.runs.filter(({ spec }) => spec.label.startsWith('push'));
    const [scene] = scenesOf({ ...result, runs });
    expect(scene === undefined ? [] : answer(scene)[0]).toContain('Freshest is “push, not merged”');
  });
});

describe('a share of a study', () => {
  it('says of how many runs its figures are', async () => {
    const part = { indices: [0, 1], of: 12 };
    const page = await renderHtml({ ...result, runs: result.runs.slice(0, 2), part });
    expect(page).toContain('rest on 2 of the 12 runs');
    expect(await renderHtml(result)).not.toContain('runs of the study; points and seeds are missing');
  });
});

describe('requests without an answer', () => {
  const failures = {
    refused: 3000,
    unreachable: 0,
    broken: 0,
    timedOut: 1000,
    retried: 3500,
    abandoned: 500,
    reconnects: 0,
    series: [],
  };
  const failing = { ...result, runs: result.runs.map((run) => ({ ...run, failures })) };

  it('are drawn, and told in words', () => {
    const figure = figuresOf(failing).find(({ chart }) => chart.id === 'request-failures');
    expect(figure?.drawing.rows.map((row) => row['part'])).toEqual(
      expect.arrayContaining(['refused (503)', 'timed out']),
    );
    const [scene] = scenesOf(failing);
    const said = scene === undefined ? [] : describeRun(scene);
    expect(new Map(said).get('Requests without an answer')).toMatch(/refused with 503, .* timed out/);
  });

  it('are left out where every request has one', () => {
    expect(figuresOf(result).some(({ chart }) => chart.id === 'request-failures')).toBe(false);
  });

  it('have metrics for thresholds, which do not apply to other runs', () => {
    const [run] = failing.runs;
    const share = metricById('failures.share');
    expect(run === undefined ? NaN : share.of(run)).toBeGreaterThan(0);
    expect(run === undefined ? NaN : metricById('failures.refused').of(run)).toBeCloseTo(3, 9);
    expect(result.runs.map((each) => share.of(each)).every(Number.isNaN)).toBe(true);
  });
});

describe('how runs were computed', () => {
  const computed = (runs: typeof result.runs): string => {
    const [scene] = scenesOf({ ...result, runs });
    return new Map(scene === undefined ? [] : describeRun(scene)).get('Computed') ?? '';
  };
  const simulated = result.runs.filter(({ backend }) => backend === 'sim');

  it('is told, with the error of closed forms', () => {
    expect(computed(simulated)).toContain('event by event');
    const expectedError = {
      devices: 400,
      countedMs: 1,
      runs: 3,
      changes: 5000,
      contacts: 0,
      requests: -0.02,
      bytes: 0.01,
      energy: 0,
      serverBusy: 0,
      stalenessMean: 0,
      stalenessP50: 0.005,
      stalenessP95: 0.03,
      freshShare: 0,
    };
    const closed = simulated.map((run) => ({ ...run, mode: 'expected' as const, expectedError }));
    expect(computed(closed)).toMatch(
      /by closed forms; on samples of 400 devices with 5,000 changes .* 2 % in requests/,
    );
  });

  it('says what a charge is for batteries of a stated voltage alone', () => {
    const [run] = simulated;
    if (run === undefined) throw new Error('no run');
    const charge = metricById('battery.mah');
    expect(charge.of(run)).toBeNaN();
    const deviceGroups = run.spec.deviceGroups.map((group) => ({ ...group, batteryVolts: 3.85 }));
    const stated = { ...run, spec: { ...run.spec, deviceGroups } };
    // 1 mAh at 3.85 V is 13.86 J.
    expect(charge.of(stated)).toBeCloseTo(metricById('energy').of(run) / 13.86, 9);
  });
});

describe('report files', () => {
  it('are equal for equal results', async () => {
    const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'davpulse-report-')));
    for (const folder of folders) await writeReport(result, folder);
    const contents = folders.map((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name)).toString('base64')]),
    );
    expect(contents[0]?.map(([name]) => name)).toEqual(
      expect.arrayContaining(['report.html', 'results.csv', 'pareto-energy.svg', 'pareto-energy.png']),
    );
    expect(contents[0]).toEqual(contents[1]);
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('measure text as the shipped font does, within a few per cent', () => {
    // Advance widths of DejaVu Sans 2.37, in units of 2048 to the em.
    const push = 1300 + 1298 + 1067 + 1298 + 651 + 651 + 1303 + 651 + 1067;
    expect(textWidth('push, 3 s', 12) / ((12 * push) / 2048)).toBeCloseTo(1, 1);
  });
});
