import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLive } from '../../src/live/index.ts';
import { checkThresholds, parseThreshold } from '../../src/results/index.ts';
import { loadStudy } from '../../src/scenario/index.ts';

const files = globSync('scenarios/faults/*.yaml').toSorted();
// Long enough for several safety polls; the files themselves run longer.
const shorter = { set: [[['duration'], '3 s']] } as const;

/** Real server, real push service, real devices: what each file promises must come true. */
describe.concurrent('scenarios/faults', () => {
  it.each(files.map((file) => [basename(file, '.yaml'), file] as const))('%s', async (_name, file) => {
    const study = loadStudy(file, shorter);
    const [run] = study.runs;
    expect(run).toBeDefined();
    if (run === undefined) return;
    expect(run.faults).not.toEqual([]);
    const { timeScale, maxLagMs, faults } = run;
    const { signal } = new AbortController();
    const record = await runLive(run.spec, { signal, timeScale, maxLagMs, faults });
    expect(record.stateCheck.different).toBe(0);
    expect(record.ledger.expected).toBeGreaterThan(0);
    const outcomes = checkThresholds(
      [record],
      study.thresholds.map(({ text }) => parseThreshold(text)),
    );
    expect(outcomes.length).toBe(study.thresholds.length);
    const broken = outcomes.filter(({ held }) => !held);
    expect(broken.map(({ threshold, value }) => `${threshold.text}: ${value}`)).toEqual([]);
  });
});
