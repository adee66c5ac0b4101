import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPolicy, loadStudy, parsePushPolicy, scenarioJsonSchema } from '../../src/scenario/index.ts';

const base = `kind: scenario
name: base
duration: 1 h
users: 10
devices:
  - { name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }
collections:
  - { name: personal, members: 1, changes: { kind: poisson, perDay: 4 } }
syncPolicy: { kind: fixed, interval: 5 min }
`;

const folder = mkdtempSync(join(tmpdir(), 'davpulse-scenario-'));
const load = (text: string) => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return loadStudy(file);
};
const complaint = (text: string): string => {
  try {
    load(text);
  } catch (error) {
    return String(error).replaceAll(`${folder}/`, '');
  }
  return 'accepted';
};

describe('a scenario file', () => {
  it('becomes runs with everything resolved to ms, joules and data', () => {
    const [run] = load(base).runs;
    expect(run?.spec).toMatchObject({ durationMs: 3_600_000, users: 10, seed: 1, label: 'base' });
    expect(run?.spec.deviceGroups[0]?.syncPolicy).toEqual({ kind: 'fixed', intervalMs: 300_000 });
    expect(run?.spec.deviceGroups[0]?.radio.name).toBe('LTE (ARO)');
  });

  it('fills the defaults of a policy', () => {
    const [run] = load(`${base}pushPolicy: { kind: window, window: 3 s }\n`).runs;
    expect(run?.spec.pushPolicy).toEqual({ kind: 'window', windowMs: 3000, ttlSeconds: 86_400, topic: 1 });
  });

  it('writes a policy so that it can be read back', () => {
    const policy = { kind: 'window', windowMs: 2500, ttlSeconds: 60, topic: 0 } as const;
    expect(parsePushPolicy(formatPolicy(policy), 'here')).toEqual(policy);
  });

  it('takes aliases and merges, within and across the scenarios of a study', () => {
    expect(complaint(base.replace('kind: poisson', '<<: *nowhere'))).toContain(
      'scenario.yaml:1:1: not usable YAML',
    );
    const study = `kind: study
name: two
title: two
question: two
scenarios:
${['&first', '*first'].map((anchor) => (anchor.startsWith('*') ? '  - { <<: *first, name: again }' : `  - ${anchor}\n${base.replace(/^/gm, '    ')}`)).join('\n')}
`;
    expect(load(study).runs.map(({ spec }) => spec.scenario)).toEqual(['base', 'again']);
  });

  it('takes faults of the push service', () => {
    const faults = '[{ fault: outage, from: 1 s, to: 3 s }, { fault: delay, delay: 5 s, share: 0.5 }]';
    expect(load(`${base}live: { faults: ${faults} }\n`).runs[0]?.faults).toEqual([
      { fault: 'outage', fromMs: 1000, toMs: 3000 },
      { fault: 'delay', share: 0.5, delayMs: { kind: 'constant', value: 5000 } },
    ]);
  });

  it('multiplies axes and seeds', () => {
    const study = load(`${base}seeds: [5, 7]
sweep:
  - field: users
    values: [10, 20, 30]
  - name: policy
    points:
      - { label: a, set: { syncPolicy: { kind: fixed, interval: 1 min } } }
      - { label: b, set: { 'syncPolicy.interval': 2 min, 'collections[0].changes.perDay': 9 } }
`);
    expect(study.runs).toHaveLength(12);
    const last = study.runs.at(-1)?.spec;
    expect(last).toMatchObject({ label: 'users = 30 · b', users: 30, seed: 7 });
    expect(last?.collectionGroups[0]?.changes).toMatchObject({ perDay: 9 });
    expect(last?.deviceGroups[0]?.syncPolicy).toEqual({ kind: 'fixed', intervalMs: 120_000 });
  });

  it('lets a later axis change what an earlier one put in place, at its own points alone', () => {
    const study = load(`${base}sweep:
  - name: pattern
    points: [{ label: edits, set: { collections.0.changes: { kind: poisson, perDay: 1 } } }]
  - field: collections.0.changes.perDay
    values: [2, 3, 4]
`);
    const rates = study.runs.map(({ spec }) => spec.collectionGroups[0]?.changes);
    expect(rates).toMatchObject([{ perDay: 2 }, { perDay: 3 }, { perDay: 4 }]);
  });

  it('scales intervals and change rates, and nothing else', () => {
    const [run] = load(
      `${base}live: { timeScale: 60 }\nbackend: live\npushPolicy: { kind: window, window: 3 s }\n`,
    ).runs;
    expect(run?.timeScale).toBe(60);
    expect(run?.spec.deviceGroups[0]?.syncPolicy).toEqual({ kind: 'fixed', intervalMs: 5000 });
    expect(run?.spec.collectionGroups[0]?.changes).toMatchObject({ perDay: 240 });
    expect(run?.spec.pushPolicy).toMatchObject({ windowMs: 3000 });
    expect(run?.spec.durationMs).toBe(3_600_000);
  });
});

describe('a scenario file with an error', () => {
  it.each([
    [
      'a wrong type',
      base.replace('users: 10', 'users: ten'),
      'scenario.yaml:4:8: users: expected a whole number of at least 1; got "ten"',
    ],
    ['an unknown field', `${base}userz: 3\n`, 'scenario.yaml:10:1: userz: unknown field'],
    [
      'a negative interval',
      base.replace('5 min', '-5 min'),
      'scenario.yaml:9:38: syncPolicy.interval: expected a duration such as "15 min", "3 s" or "250 ms", at least 1 ms; got "-5 min"',
    ],
    [
      'an empty fleet',
      base.replace('users: 10', 'users: 0'),
      'scenario.yaml:4:8: users: expected a whole number of at least 1; got 0',
    ],
    [
      'a fleet whose shares leave it empty',
      base.replace('perUser: 1', 'perUser: 0.01'),
      'scenario.yaml:4:8: users: expected at least one device',
    ],
    [
      'no device group',
      base.replace(/devices:\n.*\n/, 'devices: []\n'),
      'scenario.yaml:5:10: devices: expected at least one device group',
    ],
    [
      'a missing field',
      base.replace('users: 10\n', ''),
      'scenario.yaml:1:1: users: expected a whole number of at least 1; the field is missing',
    ],
    [
      'an unknown kind of policy',
      base.replace('kind: fixed', 'kind: fixd'),
      "scenario.yaml:9:21: syncPolicy.kind: expected a policy whose kind is one of 'fixed'",
    ],
    [
      'an unknown name',
      base.replace('lte-aro', 'lte-arro'),
      'scenario.yaml:6:53: devices.0.radio: expected one of ',
    ],
    [
      'a field wrong inside a named part written out',
      base.replace('link: lte', 'link: { name: x, roundTrip: 1 ms, mbpsUp: 0, mbpsDown: 1 }'),
      'devices.0.link.mbpsUp: expected a number above 0; got 0',
    ],
    ['broken YAML', base.replace('perDay: 4 }', 'perDay: 4'), 'scenario.yaml:9:1: not valid YAML'],
    [
      'a sweep over a field that is none',
      `${base}sweep: [{ field: nix.da, values: [3] }]\n`,
      'scenario.yaml:10:35: nix: unknown field',
    ],
    [
      'a wrong value in a sweep',
      `${base}sweep: [{ field: users, values: [3, -1] }]\n`,
      'scenario.yaml:10:37: users: expected a whole number of at least 1; got -1',
    ],
    [
      'more members than users',
      base.replace('members: 1', 'members: 11'),
      'collections.0.members: expected at most the 10 users',
    ],
    ['no fields at all', 'just text', 'scenario.yaml:1:1: expected fields (a mapping); got "just text"'],
  ])('%s: names the place and what was expected', (_, text, expected) => {
    const message = complaint(text);
    expect(message).toContain(expected);
    expect(message).toMatch(/scenario\.yaml:\d+:\d+: /);
  });
});

describe('the schema', () => {
  it('is the one in scenarios/', () => {
    const committed: unknown = JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8'));
    expect(committed).toEqual(structuredClone(scenarioJsonSchema()));
  });

  it.each(globSync(['scenarios/*.yaml', 'scenarios/{features,published,load}/*.yaml']))('fits %s', (file) => {
    expect(loadStudy(file).runs.length).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
  });
});
