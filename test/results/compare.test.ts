import { describe, expect, it } from 'vitest';
import { parseXml } from '../../src/xml/index.ts';
import {
  comparisonJunit,
  comparisonMarkdown,
  overallVerdict,
  renderComparison,
} from '../../src/report/index.ts';
import { compareK6, compareResults, isK6Summary, type ResultFile } from '../../src/results/index.ts';
import { judgeRanked, judgeSideBySide, type Samples } from '../../src/results/compare/compare-samples.ts';
import { normalQuantile } from '../../src/results/statistics/normal.ts';
import { streamKey, uniform, type RunRecord } from '../../sim/index.ts';
import { fixturePolicies, fixtureResult, fixtureRun } from '../report/fixture.ts';

const base = fixtureResult();
const changed = (change: (run: RunRecord) => RunRecord): ResultFile => ({
  ...base,
  runs: base.runs.map(change),
});

/** Every energy a little different from run to run, and on the whole `factor` times as much. */
const withEnergy = (factor: (seed: number) => number) =>
  changed((run) => ({
    ...run,
    groups: run.groups.map((group) => ({
      ...group,
      energyJ: { ...group.energyJ, tail: group.energyJ.tail * factor(run.spec.seed) },
    })),
  }));

const verdictsOf = (head: ResultFile, id: string, scenario = 'first look', backend = 'sim') =>
  compareResults(base, head)
    .comparisons.filter((one) => one.metric.id === id && one.scenario === scenario && one.backend === backend)
    .map(({ verdict }) => verdict);

describe('comparing simulated results', () => {
  it('finds a result the same as itself, whatever the metric', () => {
    const { comparisons, warnings } = compareResults(base, base);
    expect(
      new Set(comparisons.filter(({ backend }) => backend === 'sim').map(({ verdict }) => verdict)),
    ).toEqual(new Set(['same']));
    expect(warnings).toEqual([]);
  });

  it('says which points have no seed that both sides ran', () => {
    const strange = changed((run) => ({ ...run, spec: { ...run.spec, seed: run.spec.seed + 100 } }));
    const { warnings } = compareResults(base, strange);
    const run = base.runs.find(({ backend }) => backend === 'sim');
    expect(warnings).toContain(
      `${run?.spec.scenario} · ${run?.spec.label} (sim) has no seed that both sides ran`,
    );
  });

  it('pairs seeds, so that a change smaller than their spread is found', () => {
    const more = withEnergy((seed) => 1.005 + 0.0001 * seed);
    expect(new Set(verdictsOf(more, 'energy'))).toEqual(new Set(['worse']));
    expect(new Set(verdictsOf(more, 'requests'))).toEqual(new Set(['same']));
    expect(
      new Set(
        verdictsOf(
          withEnergy((seed) => 0.99 - 0.0001 * seed),
          'energy',
        ),
      ),
    ).toEqual(new Set(['better']));
  });

  it('cannot tell a change that goes either way', () => {
    expect(
      new Set(
        verdictsOf(
          withEnergy((seed) => 1 + 0.1 * (seed - 2)),
          'energy',
        ),
      ),
    ).toEqual(new Set(['cannot tell']));
  });

  it('takes any difference of one seed for what it is', () => {
    expect(
      verdictsOf(
        withEnergy(() => 1.000_001),
        'energy',
        'small fleet',
      ),
    ).toEqual(['worse', 'worse']);
  });

  it('knows which way is better', () => {
    const fresher = changed((run) => ({ ...run, freshShare: Math.min(1, run.freshShare + 0.01) }));
    expect(new Set(verdictsOf(fresher, 'fresh', 'small fleet'))).toEqual(new Set(['better']));
    const lossy = changed((run) => ({ ...run, ledger: { ...run.ledger, lost: 3 } }));
    expect(new Set(verdictsOf(lossy, 'losses'))).toEqual(new Set(['worse']));
  });

  it('refuses unlike scenarios and machines, and names the difference', () => {
    const other = changed((run) => ({ ...run, spec: { ...run.spec, users: 999 } }));
    expect(() => compareResults(base, other)).toThrow(/users: 1000 against 999/);
    const machine = { ...base, made: { ...base.made, machine: { ...base.made.machine, cores: 64 } } };
    expect(() => compareResults(base, machine)).toThrow(/machine.*cores: 2 against 64/);
    expect(compareResults(base, other, { force: true }).warnings[0]).toMatch(/users/);
    const simulated = { ...machine, runs: base.runs.filter(({ backend }) => backend === 'sim') };
    expect(compareResults({ ...base, runs: simulated.runs }, simulated).warnings).toEqual([]);
    expect(() => compareResults(base, { ...base, runs: [] })).toThrow(/no point in common/);
  });

  it('says what stands on one side only', () => {
    const fewer = { ...base, runs: base.runs.filter(({ spec }) => spec.label !== 'poll 1 min') };
    expect(compareResults(base, fewer).warnings).toEqual([
      'first look · poll 1 min (sim) is missing from the head',
    ]);
  });
});

describe('comparing live runs made side by side', () => {
  const draw = (stream: number, entity: number, index: number): number =>
    normalQuantile(uniform(streamKey(stream, 12), entity, index));

  /** What the machine does meets both sides alike and is large; each has 2 % of its own. */
  const tries = (slowDown: number, experiment: number): Samples[] =>
    Array.from({ length: 13 }, (_, metric) => {
      const common = Array.from({ length: 10 }, (_value, i) => Math.exp(0.3 * draw(experiment, metric, i)));
      const own = (side: number, i: number) => Math.exp(0.02 * draw(experiment, metric, 100 * side + i));
      const slower = metric === 0 ? 1 + slowDown : 1;
      return {
        metric: { id: metric === 0 ? 'server.work' : `m${metric}`, title: '', unit: 'ms', better: 'less' },
        base: common.map((value, i) => value * own(1, i)),
        head: common.map((value, i) => value * own(2, i) * slower),
      };
    });
  const experiments = Array.from({ length: 100 }, (_, index) => index);
  const alarms = (slowDown: number, judge: typeof judgeSideBySide) =>
    experiments.filter((index) =>
      judge(tries(slowDown, index), 0.02).some(({ verdict }) => verdict === 'worse'),
    ).length;

  it('finds 5 % under noise of 30 % that both sides share, and cries wolf seldom', () => {
    expect(alarms(0.05, judgeSideBySide)).toBeGreaterThanOrEqual(90);
    expect(alarms(0, judgeSideBySide)).toBeLessThanOrEqual(5);
    // The same runs taken as independent tell nothing.
    expect(alarms(0.05, judgeRanked)).toBeLessThan(50);
  });

  it('says by how much, and how it knows', () => {
    const judged = experiments.flatMap((index) => judgeSideBySide(tries(0.05, index), 0.02)[0] ?? []);
    expect(new Set(judged.map(({ method }) => method))).toEqual(new Set(['side by side']));
    const covering = judged.filter(({ low, high }) => low < 0.05 && high > 0.05);
    expect(covering.length).toBeGreaterThanOrEqual(88);
  });

  it('takes counts that are zero on both sides for the same', () => {
    const zero = { metric: metricOf('losses'), base: [0, 0, 0], head: [0, 0, 0] };
    expect(judgeSideBySide([zero], 0.02)[0]?.verdict).toBe('same');
    expect(judgeSideBySide([{ ...zero, head: [4, 5, 6] }], 0.02)[0]?.verdict).not.toBe('same');
  });
});

const metricOf = (id: string): Samples['metric'] => ({ id, title: id, unit: 'count', better: 'less' });

describe('comparing live runs', () => {
  const noise = (seed: number, entity: number, index: number): number =>
    Math.exp(0.02 * normalQuantile(uniform(streamKey(seed, 11), entity, index)));

  /** Thirteen metrics measured ten times on each side, each value 2 % off at random; the first may be slower. */
  const tries = (slowDown: number, experiment: number): Samples[] =>
    Array.from({ length: 13 }, (_, metric) => ({
      metric: { id: `m${metric}`, title: `m${metric}`, unit: 'ms', better: 'less' },
      base: Array.from({ length: 10 }, (_value, i) => 10 * noise(experiment, metric, i)),
      head: Array.from(
        { length: 10 },
        (_value, i) => 10 * (metric === 0 ? 1 + slowDown : 1) * noise(experiment, metric, 100 + i),
      ),
    }));

  const alarms = (slowDown: number, experiments: number, metric: (index: number) => boolean) =>
    Array.from({ length: experiments }, (_, experiment) =>
      judgeRanked(tries(slowDown, experiment), 0.02).some(
        ({ verdict }, index) => metric(index) && verdict === 'worse',
      ),
    ).filter(Boolean).length;

  it('finds a slow-down of 5 % in ten pairs, nine times in ten', () => {
    expect(alarms(0.05, 100, (index) => index === 0)).toBeGreaterThanOrEqual(90);
  });

  it('cries wolf over equal builds at most once in twenty', () => {
    expect(alarms(0, 200, () => true)).toBeLessThanOrEqual(10);
  });

  it('reads the runs of a result, and cannot tell from two of them', () => {
    const policy = fixturePolicies[2] ?? { label: '', intervalMs: 1 };
    const live = (count: number, factor: number): ResultFile => ({
      ...base,
      runs: Array.from({ length: count }, (_, seed) => {
        const run = fixtureRun(policy, seed, { backend: 'live' });
        return { ...run, requests: { ...run.requests, put: run.requests.put * factor } };
      }),
    });
    const judged = (count: number) =>
      compareResults(live(count, 1), live(count, 20), {
        metricIds: ['requests', 'bytes.up'],
      }).comparisons.map(({ verdict }) => verdict);
    expect(judged(10)).toEqual(['worse', 'same']);
    expect(judged(2)[0]).toBe('cannot tell');
  });
});

describe('comparing summaries of k6', () => {
  const summary = (median: number, rate: number) => ({
    metrics: {
      http_req_duration: { type: 'trend', values: { med: median, avg: median } },
      http_reqs: { type: 'counter', values: { rate } },
    },
  });

  it('lets the effect floor decide', () => {
    const verdicts = compareK6(summary(100, 50), summary(110, 50.1)).map(({ metric, verdict }) => [
      metric.id,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ['http_req_duration avg', 'worse'],
      ['http_req_duration med', 'worse'],
      ['http_reqs rate', 'cannot tell'],
    ]);
    expect(isK6Summary(summary(1, 1))).toBe(true);
    expect(isK6Summary(base)).toBe(false);
  });

  it('knows times, bytes and failures from work done', () => {
    const figures = (factor: number) => ({
      metrics: {
        staleness: { values: { 'p(95)': 500 * factor, count: 40 * factor } },
        data_received: { values: { count: 1e5 * factor } },
        http_req_failed: { values: { rate: 0.1 * factor } },
        iterations: { values: { count: 80 * factor } },
        'http_reqs{kind:put}': { values: { rate: 12 * factor } },
      },
    });
    const verdicts = compareK6(figures(1), figures(1.2)).map(({ metric, verdict }) => [metric.id, verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({
      'staleness p(95)': 'worse',
      'staleness count': 'better',
      'data_received count': 'worse',
      'http_req_failed rate': 'worse',
      'iterations count': 'better',
      'http_reqs{kind:put} rate': 'better',
    });
  });
});

describe('renderings of a comparison', () => {
  const compared = compareResults(
    base,
    withEnergy((seed) => 1.05 + 0.001 * seed),
  );

  it('end with the verdict of all', () => {
    expect(overallVerdict(compared.comparisons)).toBe('worse');
    expect(renderComparison(compared)).toMatch(/worse.*: .*\d+ worse/);
    expect(overallVerdict([])).toBe('cannot tell');
  });

  it('put what changed first in Markdown', () => {
    const [heading, , , , firstRow] = comparisonMarkdown(compared).split('\n');
    expect(heading).toMatch(/^### 🔴 davpulse: worse/);
    expect(firstRow).toContain('Sync energy');
  });

  it('fail a JUnit case for each metric that got worse', () => {
    const suites = parseXml(comparisonJunit(compared));
    const cases = suites.children.flatMap(({ children }) => children);
    const failed = cases.filter(({ children }) => children.some(({ name }) => name === 'failure'));
    expect(cases).toHaveLength(compared.comparisons.length);
    expect(failed).toHaveLength(compared.comparisons.filter(({ verdict }) => verdict === 'worse').length);
  });
});
