import { describe, expect, it } from 'vitest';
import { histogramQuantile, mergeHistograms, simulate, type RunRecord } from '../../sim/index.ts';
import { plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const minute = 60_000;
const day = 86_400_000;

const poll = (intervalMs: number, perDay: number, jitter = 0): RunRecord =>
  simulate(
    plainSpec({
      users: Math.ceil(400_000 / perDay),
      warmUpMs: intervalMs,
      deviceGroups: [
        plainDevices({
          syncPolicy: jitter === 0 ? { kind: 'fixed', intervalMs } : { kind: 'jittered', intervalMs, jitter },
        }),
      ],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay } })],
    }),
  );

const staleness = (record: RunRecord) => mergeHistograms(Object.values(record.staleness));
const contacts = (record: RunRecord) => record.groups[0]?.contacts ?? NaN;
const emptyShare = (record: RunRecord) => (record.groups[0]?.emptyContacts ?? NaN) / contacts(record);

/** Interval of polls and changes a day; x = rate times interval is 0.42, 1, 1.25. */
const cases = [
  { intervalMs: 10 * minute, perDay: 60 },
  { intervalMs: 15 * minute, perDay: 96 },
  { intervalMs: 30 * minute, perDay: 60 },
];

describe.each(cases)('polling every $intervalMs ms at $perDay changes a day', ({ intervalMs, perDay }) => {
  const record = poll(intervalMs, perDay);
  const x = (perDay / day) * intervalMs;

  it('is stale for half the interval on average, and uniformly up to it', () => {
    const seen = staleness(record);
    expectAgreement(seen.sum / seen.count, intervalMs / 2);
    for (const q of [0.25, 0.5, 0.75, 0.95]) expectAgreement(histogramQuantile(seen, q), q * intervalMs);
    expect(seen.max).toBeLessThanOrEqual(intervalMs);
  });

  it('finds nothing in a share e^-x of polls', () => {
    expectAgreement(emptyShare(record), Math.exp(-x));
    expectAgreement(1 - emptyShare(record), 1 - Math.exp(-x));
  });

  it('is fresh for a share (1 - e^-x) / x of the time', () => {
    expectAgreement(record.freshShare, (1 - Math.exp(-x)) / x);
  });

  it('holds what is T (1/2 - 1/x + (1 - e^-x) / x^2) old on average', () => {
    expectAgreement(record.meanAgeMs ?? NaN, intervalMs * (1 / 2 - 1 / x + (1 - Math.exp(-x)) / x ** 2));
  });

  it('finds x / (1 - e^-x) changes in each poll that finds any', () => {
    const found = contacts(record) * (1 - emptyShare(record));
    expectAgreement(record.ledger.seen / found, x / (1 - Math.exp(-x)));
  });
});
