import { describe, expect, it } from 'vitest';
import { simulate, type RadioSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from './plain-spec.ts';

/** Joules a device and cycle, of a device that holds a push connection and does nothing but keep it alive. */
function keptAlive(radio: RadioSpec, keepAliveMs: number): number {
  const record = simulate(
    plainSpec({
      users: 10,
      warmUpMs: 3_600_000,
      deviceGroups: [
        plainDevices({
          radio,
          keepAliveMs,
          syncPolicy: { kind: 'on-push', spreadMs: 0 },
          link: { name: 'instant', rttMs: constant(0), mbpsUp: Infinity, mbpsDown: Infinity },
        }),
      ],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
      pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
    }),
  );
  const joules = Object.values(record.groups[0]?.energyJ ?? {}).reduce((sum, value) => sum + value, 0);
  return (joules / record.devices / record.countedMs) * keepAliveMs;
}

const staged: RadioSpec = {
  ...plainRadio,
  promotion: { ms: 2000, watts: 0.65 },
  tail: [
    { name: 'high', ms: 4000, watts: 1.3 },
    { name: 'low', ms: 10_000, watts: 0.3, promotion: { ms: 1500, watts: 0.8 } },
  ],
  idleWatts: 0.01,
};

describe('a keep-alive', () => {
  it('that finds the radio idle costs a promotion and the whole tail', () => {
    const joules = 2 * 0.65 + 4 * 1.3 + 10 * 0.3 + (60 - 16) * 0.01;
    expect(keptAlive(staged, 60_000)).toBeCloseTo(joules, 3);
  });

  it('that finds it in a lower state costs that promotion', () => {
    expect(keptAlive(staged, 10_000)).toBeCloseTo(1.5 * 0.8 + 4 * 1.3 + 4.5 * 0.3, 3);
  });

  it('that a lower state carries keeps the radio there for good', () => {
    const [high, low] = staged.tail;
    if (high === undefined || low === undefined) throw new RangeError('two stages');
    const carrying = { ...staged, tail: [high, { ...low, carries: { bytesUp: 100, bytesDown: 100 } }] };
    expect(keptAlive(carrying, 10_000)).toBeCloseTo(10 * 0.3, 3);
  });

  it('that is small enough goes from a lower state, and from idle, to one in the middle', () => {
    const [high, low] = staged.tail;
    if (high === undefined || low === undefined) throw new RangeError('two stages');
    const small = { bytesUp: 100, bytesDown: 100, in: 'low', promotion: { ms: 500, watts: 0.9 } };
    const lowest = {
      name: 'lowest',
      ms: 20_000,
      watts: 0.05,
      promotion: { ms: 800, watts: 1 },
      carries: small,
    };
    const carrying = { ...staged, tail: [high, low, lowest], idleCarries: small };
    expect(keptAlive(carrying, 20_000)).toBeCloseTo(0.5 * 0.9 + 10 * 0.3 + 9.5 * 0.05, 3);
    expect(keptAlive(carrying, 60_000)).toBeCloseTo(0.5 * 0.9 + 10 * 0.3 + 20 * 0.05 + 29.5 * 0.01, 3);
    const tooLarge = { ...carrying, idleCarries: { ...small, bytesUp: 10 } };
    expect(keptAlive(tooLarge, 60_000)).toBeCloseTo(2 * 0.65 + 4 * 1.3 + 10 * 0.3 + 20 * 0.05 + 24 * 0.01, 3);
  });

  it('leaves the duty cycle of an idle radio as it is', () => {
    const listening = { ...plainRadio, idleDutyCycle: { onWatts: 0.6, onMs: 43, cycleMs: 1280 } };
    const idle = 0.02 + ((0.6 - 0.02) * 43) / 1280;
    const joules = 0.2 * 1.2 + 10 * 1 + (600 - 10.2) * idle;
    expect(keptAlive(listening, 600_000)).toBeCloseTo(joules, 3);
  });
});
