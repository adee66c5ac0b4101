import { describe, it } from 'vitest';
import { mergeHistograms, simulate } from '../../sim/index.ts';
import { plainCollections, plainDevices, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const day = 86_400_000;

describe.each([
  { windowMs: 30_000, perDay: 1440 },
  { windowMs: 60_000, perDay: 2880 },
  { windowMs: 300_000, perDay: 720 },
])('a window of $windowMs ms at $perDay changes a day', ({ windowMs, perDay }) => {
  const record = simulate(
    plainSpec({
      users: Math.ceil(150_000 / perDay),
      warmUpMs: 3_600_000,
      deviceGroups: [plainDevices({ syncPolicy: { kind: 'on-push', spreadMs: 0 } })],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay } })],
      pushPolicy: { kind: 'window', windowMs, ttlSeconds: 60, topic: 1 },
    }),
  );
  const rate = perDay / day;

  it('sends messages at the rate L / (1 + L c)', () => {
    const messages = record.push.sent / (record.devices * record.countedMs);
    expectAgreement(messages, rate / (1 + rate * windowMs));
  });

  it('delays the change that opens it by the window, and those that join by half of it', () => {
    const seen = mergeHistograms(Object.values(record.staleness));
    const joining = rate * windowMs;
    expectAgreement(seen.sum / seen.count, (windowMs * (1 + joining / 2)) / (1 + joining));
  });
});
