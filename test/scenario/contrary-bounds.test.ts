import { describe, expect, it } from 'vitest';
import { changeProcess } from '../../src/scenario/change-schema.ts';
import { deviceGroup } from '../../src/scenario/device-schema.ts';
import { pushPolicySchema, syncPolicySchema } from '../../src/scenario/policy-schema.ts';
import { timeDistribution } from '../../src/scenario/values.ts';
import type { z } from 'zod';

const complaints = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('bounds that contradict each other', () => {
  it.each([
    { kind: 'adaptive', minInterval: '1 h', maxInterval: '5 min' },
    { kind: 'server-paced', interval: '1 h', minInterval: '1 h', maxInterval: '5 min' },
  ])('are refused for polls: $kind', (policy) => {
    expect(complaints(syncPolicySchema, policy)).toEqual(['minInterval: expected at most the maxInterval']);
  });

  it('are refused for a fallback that asks less often than the safety poll', () => {
    const policy = {
      kind: 'hybrid-fallback',
      safetyInterval: '1 h',
      fallbackInterval: '4 h',
      silentAfter: '1 d',
    };
    expect(complaints(syncPolicySchema, policy)).toEqual([
      'fallbackInterval: expected at most the safetyInterval',
    ]);
  });

  it.each([
    [{ kind: 'sliding', quiet: '30 s', maxDelay: '3 s' }, 'quiet'],
    [{ kind: 'load-paced', window: '30 s', maxDelay: '3 s' }, 'window'],
  ])('are refused for pushes: %o', (policy, field) => {
    expect(complaints(pushPolicySchema, policy)).toEqual([`${field}: expected at most the maxDelay`]);
  });

  it.each([
    [{ kind: 'uniform', min: '5 s', max: '1 s' }, 'max: expected a max of at least min'],
    [{ kind: 'lognormal', median: '5 s', p95: '1 s' }, 'p95: expected a p95 of at least the median'],
  ])('are refused for random times: %o', (times, told) => {
    expect(complaints(timeDistribution, times)).toEqual([told]);
  });

  it('are taken where they are equal', () => {
    expect(complaints(pushPolicySchema, { kind: 'sliding', quiet: '3 s', maxDelay: '3 s' })).toEqual([]);
    expect(complaints(timeDistribution, { kind: 'uniform', min: '5 s', max: '5 s' })).toEqual([]);
  });
});

describe('an endless row in which no time passes', () => {
  it.each(['0 s', { kind: 'uniform', min: '0 s', max: '0 s' }, { kind: 'exponential', mean: '0 s' }])(
    'is refused: %j',
    (gap) => {
      const told = 'gap: expected times above 0, so that time passes';
      expect(complaints(changeProcess, { kind: 'renewal', gap })).toEqual([told]);
      const device = { name: 'a', class: 'phone', perUser: 1, radio: 'wired', link: 'wired' };
      expect(complaints(deviceGroup, { ...device, otherTraffic: { gap, length: '1 s' } })).toEqual([
        `otherTraffic.${told}`,
      ]);
    },
  );
});
