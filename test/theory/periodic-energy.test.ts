import { describe, it } from 'vitest';
import { simulate, type RadioSpec } from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const day = 86_400_000;

const mediumRadio: RadioSpec = {
  ...plainRadio,
  promotion: { ms: 2000, watts: 0.65 },
  tail: [
    { name: 'high', ms: 4000, watts: 1.3 },
    { name: 'low', ms: 10_000, watts: 0.3 },
  ],
  idleWatts: 0.01,
};

/** Mean power of the radio of a device that polls an empty calendar, W. */
function meanWatts(radio: RadioSpec, intervalMs: number, activeMs: number): number {
  const record = simulate(
    plainSpec({
      users: 20,
      warmUpMs: intervalMs,
      deviceGroups: [
        plainDevices({
          radio,
          syncPolicy: { kind: 'fixed', intervalMs },
          // 8 bits a byte: 1000 bytes take 8 ms at 1 Mbit/s.
          link: { name: 'slow', rttMs: constant(0), mbpsUp: 8 / activeMs, mbpsDown: Infinity },
        }),
      ],
      collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
      transport: { http: '2', tls: true, keepAliveMs: 1e9 },
      wire: {
        ...plainSpec().wire,
        requests: {
          ...plainSpec().wire.requests,
          'sync-token': { up: 1000, upPerItem: 0, down: 0, downPerItem: 0 },
        },
      },
    }),
  );
  const joules = Object.values(record.groups[0]?.energyJ ?? {}).reduce((sum, value) => sum + value, 0);
  return joules / (record.devices * (day / 1000));
}

const tailOf = (radio: RadioSpec) => ({
  ms: radio.tail.reduce((sum, { ms }) => sum + ms, 0),
  joules: radio.tail.reduce((sum, { ms, watts }) => sum + (ms * watts) / 1000, 0),
});

describe.each([
  { radio: plainRadio, intervalMs: 60_000, activeMs: 500 },
  { radio: plainRadio, intervalMs: 300_000, activeMs: 100 },
  { radio: mediumRadio, intervalMs: 30_000, activeMs: 3000 },
])('a poll every $intervalMs ms that takes $activeMs ms', ({ radio, intervalMs, activeMs }) => {
  it('costs promotion, activity, one tail and the idle rest', () => {
    const tail = tailOf(radio);
    const { ms: promotionMs, watts: promotionWatts } = radio.promotion;
    const idleMs = intervalMs - activeMs - tail.ms - promotionMs;
    const joules =
      (promotionMs * promotionWatts + activeMs * radio.active.watts + idleMs * radio.idleWatts) / 1000 +
      tail.joules;
    expectAgreement(meanWatts(radio, intervalMs, activeMs), joules / (intervalMs / 1000));
  });
});

describe.each([
  { intervalMs: 5000, activeMs: 500 },
  { intervalMs: 8000, activeMs: 2000 },
  { intervalMs: 10_000, activeMs: 4000 },
])('a poll every $intervalMs ms, before the tail of the last one ends', ({ intervalMs, activeMs }) => {
  it('keeps the radio awake without promotions', () => {
    const { active, tail } = plainRadio;
    const tailWatts = tail[0]?.watts ?? NaN;
    const watts = tailWatts + ((active.watts - tailWatts) * activeMs) / intervalMs;
    expectAgreement(meanWatts(plainRadio, intervalMs, activeMs), watts);
  });
});
