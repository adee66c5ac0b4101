import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/scenario/known-fields.ts';
import { scenarioSchema } from '../../src/scenario/scenario-schema.ts';
import { SourceDocument } from '../../src/scenario/source-document.ts';

const scenario = `name: base
duration: 1 h
users: 10
devices:
  - { name: phone, class: phone, perUser: 1, radio: lte-aro, link: lte }
collections:
  - { name: personal, members: 1, changes: { kind: poisson, perDay: 4 } }
syncPolicy: { kind: fixed, interval: 5 min }
`;

const complaint = (written: string, meant: string): string => {
  try {
    SourceDocument.parse('s.yaml', scenario.replace(written, meant)).validate(scenarioSchema);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};

describe('a field that there is not', () => {
  it.each([
    ['users', 'user', 'user: unknown field; did you mean users?'],
    ['interval', 'intervall', 'syncPolicy.intervall: unknown field; did you mean interval?'],
    ['interval', 'intervalMs', 'syncPolicy.intervalMs: unknown field; did you mean interval?'],
    ['perDay: 4', 'per_day: 4', 'changes.per_day: unknown field; did you mean perDay?'],
    ['perUser', 'perUsr', 'devices.0.perUsr: unknown field; did you mean perUser?'],
    [
      'radio: lte-aro',
      'radio: { name: mine, tails: [] }',
      'devices.0.radio.tails: unknown field; did you mean tail?',
    ],
  ])('is told what was meant: %s written %s', (written, meant, told) => {
    expect(complaint(written, meant)).toContain(told);
  });

  it('is told what there is, by the kind that was chosen', () => {
    const told = complaint('kind: fixed, interval: 5 min', 'kind: long-poll, wait: 5 min');
    expect(told).toContain('syncPolicy.wait: unknown field; there are hold, gap');
  });
});

describe('the name that was meant', () => {
  const known = ['quiet', 'maxDelay', 'ttl'];
  it.each([
    ['max', 'maxDelay'],
    ['quite', 'quiet'],
    ['quiets', 'quiet'],
    ['MAX-DELAY', 'maxDelay'],
    ['window', undefined],
    ['tt', undefined],
  ])('of %s is %s', (given, meant) => {
    expect(nearestName(given, known)).toBe(meant);
  });
});
