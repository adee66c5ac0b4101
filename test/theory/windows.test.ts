import { describe, it } from 'vitest';
import { mergeHistograms, simulate } from '../../sim/index.ts';
import { plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const minute = 60_000;

const meanStaleness = (syncPolicy: Parameters<typeof plainDevices>[0]): number => {
  const record = simulate(
    plainSpec({
      users: 1000,
      durationMs: 10 * 86_400_000,
      warmUpMs: 86_400_000,
      deviceGroups: [plainDevices(syncPolicy)],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 12 } })],
    }),
  );
  const seen = mergeHistograms(Object.values(record.staleness));
  return seen.sum / seen.count;
};

describe('polling in maintenance windows', () => {
  // The job asks every period but runs at the next window: windows of 40 min let a 60 min job run after 40 or 80.
  it.each([
    { periodMs: 60 * minute, windowMs: 40 * minute, gaps: [40, 80] },
    { periodMs: 90 * minute, windowMs: 60 * minute, gaps: [60, 120] },
    { periodMs: 100 * minute, windowMs: 80 * minute, gaps: [80, 80, 80, 160] },
  ])('is stale for sum g^2 / (2 sum g): a job every $periodMs ms, windows every $windowMs ms', (given) => {
    const { periodMs, windowMs, gaps } = given;
    const measured = meanStaleness({
      syncPolicy: { kind: 'os-batched', periodMs, windowMs, flexMs: 300_000 },
    });
    const squares = gaps.reduce((sum, gap) => sum + gap ** 2, 0);
    const total = gaps.reduce((sum, gap) => sum + gap, 0);
    expectAgreement(measured, (squares / (2 * total)) * minute);
  });
});

describe('polling with jitter', () => {
  // Gaps are T + J (u' - u): E[g^2] = T^2 + 2 J^2 / 3 for shifts uniform within plus or minus J.
  it.each([
    { intervalMs: 30 * minute, jitter: 0.1 },
    { intervalMs: 15 * minute, jitter: 0.3 },
    { intervalMs: 60 * minute, jitter: 0.5 },
  ])('is stale for E[T^2] / (2 E[T]): $intervalMs ms, jitter $jitter', ({ intervalMs, jitter }) => {
    const shift = jitter * intervalMs;
    const measured = meanStaleness({ syncPolicy: { kind: 'jittered', intervalMs, jitter } });
    expectAgreement(measured, (intervalMs ** 2 + (2 / 3) * shift ** 2) / (2 * intervalMs));
  });
});
