import { describe, expect, it } from 'vitest';
import { answer } from '../../src/report/answer.ts';
import { figuresOf } from '../../src/report/figures.ts';
import { scenesOf } from '../../src/report/scene.ts';
import type { ResultFile } from '../../src/results/index.ts';
import { fixtureResult } from './fixture.ts';

const result = fixtureResult();

/** The fixture with its policies named as a sweep over two fields would. */
const swept = (name: (place: number) => string): ResultFile => {
  const labels = [...new Set(result.runs.map(({ spec }) => spec.label))];
  return {
    ...result,
    runs: result.runs.map((run) => ({
      ...run,
      spec: { ...run.spec, label: name(labels.indexOf(run.spec.label)) },
    })),
  };
};

const herdLabels = (file: ResultFile) => {
  const figure = figuresOf(file).find(({ chart }) => chart.id === 'herd');
  return {
    labels: figure?.drawing.rows.map((row) => row['label']) ?? [],
    caption: figure?.chart.caption ?? '',
  };
};

describe('labels of a sweep in a chart', () => {
  it('are the values alone, and the axes are said once', () => {
    const { labels, caption } = herdLabels(swept((place) => `inactivity = ${place} s · poll each = 1 min`));
    expect(labels).toContain('0 s · 1 min');
    expect(caption).toContain('Labels: inactivity · poll each.');
  });

  it('stay as they are where they fit or are not alike', () => {
    expect(herdLabels(swept((place) => `poll = ${place} min`)).labels).toContain('poll = 0 min');
    const mixed = swept((place) =>
      place === 0 ? 'a policy with a long name' : `poll each = ${place} minutes`,
    );
    expect(herdLabels(mixed).labels).toContain('poll each = 1 minutes');
  });
});

describe('the answer of a study in which nothing changes', () => {
  it('speaks of energy and not of freshness', () => {
    const runs = result.runs.map((run) => ({ ...run, ledger: { ...run.ledger, expected: 0, seen: 0 } }));
    const [scene] = scenesOf({ ...result, runs });
    const said = scene === undefined ? '' : answer(scene).join(' ');
    expect(said).toMatch(
      /^Thriftiest is “.*” with .* a device and day, dearest “.*” with .*\. Nothing changed/,
    );
    expect(said).not.toContain('–');
  });
});
