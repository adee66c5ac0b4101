import { describe, it } from 'vitest';
import {
  exponential,
  RadioMeter,
  simulate,
  streamKey,
  type RadioSpec,
  type RunSpec,
} from '../../sim/index.ts';
import { constant, plainCollections, plainDevices, plainRadio, plainSpec } from '../sim/plain-spec.ts';
import { expectAgreement } from './agree.ts';

const hour = 3_600_000;

/** The closed form neglects how long a promotion takes, so that is short here and its power high. */
const radioOf = (tailMs: number): RadioSpec => ({
  ...plainRadio,
  promotion: { ms: 1, watts: 300 },
  tail: [{ name: 'tail', ms: tailMs, watts: 1 }],
});

const spec = (
  radio: RadioSpec,
  syncPolicy: RunSpec['deviceGroups'][number]['syncPolicy'],
  users = 400,
): RunSpec =>
  plainSpec({
    users,
    durationMs: 24 * hour,
    warmUpMs: hour,
    deviceGroups: [
      plainDevices({
        radio,
        syncPolicy,
        link: { name: 'instant', rttMs: constant(0), mbpsUp: Infinity, mbpsDown: Infinity },
      }),
    ],
    collectionGroups: [plainCollections({ changes: { kind: 'poisson', perDay: 0 } })],
  });

const meanWatts = (run: RunSpec): number => {
  const record = simulate(run);
  const joules = Object.values(record.groups[0]?.energyJ ?? {}).reduce((sum, value) => sum + value, 0);
  return joules / (record.devices * (record.countedMs / 1000));
};

/** Mean power with wake-ups at random times, `perSecond` of them; their tails overlap. */
const closedForm = (radio: RadioSpec, perSecond: number): number => {
  const { watts = 0, ms = 0 } = radio.tail[0] ?? {};
  const asleep = Math.exp(-perSecond * (ms / 1000));
  const promotionJ = (radio.promotion.ms * radio.promotion.watts) / 1000;
  return perSecond * asleep * promotionJ + (1 - asleep) * watts + asleep * radio.idleWatts;
};

describe.each([
  { tailMs: 10_000, gapMs: 60_000 },
  { tailMs: 11_576, gapMs: 20_000 },
  { tailMs: 5000, gapMs: 300_000 },
])('wake-ups at random, $gapMs ms apart on average, with a tail of $tailMs ms', ({ tailMs, gapMs }) => {
  const onUse = { kind: 'on-use', minGapMs: 0, wakeHour: 0, sleepHour: 24 } as const;

  it('cost as the union of their tails', () => {
    const radio = radioOf(tailMs);
    const run = spec(radio, { ...onUse, usesPerDay: (24 * hour) / gapMs });
    expectAgreement(meanWatts(run), closedForm(radio, 1000 / gapMs));
  });
});

describe.each([
  { apps: 2, gapMs: 60_000 },
  { apps: 3, gapMs: 40_000 },
  { apps: 5, gapMs: 90_000 },
])('$apps apps on one radio, each active every $gapMs ms', ({ apps, gapMs }) => {
  const radio = radioOf(10_000);
  const spanMs = 400 * hour;

  const watts = (wakes: readonly number[]): number => {
    const meter = new RadioMeter(radio, 0, spanMs);
    for (const atMs of wakes) meter.transfer(atMs, 0, 0, 0);
    return Object.values(meter.finish().energyJ).reduce((sum, joules) => sum + joules, 0) / (spanMs / 1000);
  };
  const poisson = (app: number): number[] => {
    const wakes: number[] = [];
    const key = streamKey(3, 1);
    let atMs = 0;
    for (let index = 0; ; index += 1) {
      atMs += gapMs * exponential(key, app, index);
      if (atMs >= spanMs) return wakes;
      wakes.push(atMs);
    }
  };

  it('cost as one with the sum of their rates when they are not aligned', () => {
    const wakes = Array.from({ length: apps }, (_, app) => poisson(app)).flat();
    expectAgreement(watts(wakes.toSorted((a, b) => a - b)), closedForm(radio, (apps * 1000) / gapMs));
  });

  it('cost one tail when their timers are aligned', () => {
    const wakes = Array.from({ length: Math.floor(spanMs / gapMs) }, (_, wake) => wake * gapMs);
    const together = wakes.flatMap((atMs) => Array.from({ length: apps }, () => atMs));
    const { ms: promotionMs, watts: promotionWatts } = radio.promotion;
    const restMs = gapMs - 10_000 - promotionMs;
    const joules = (promotionMs * promotionWatts + 10_000 * 1 + restMs * radio.idleWatts) / 1000;
    expectAgreement(watts(together), joules / (gapMs / 1000));
  });
});
