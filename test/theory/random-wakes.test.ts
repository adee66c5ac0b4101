import { describe, it } from 'vitest';
import { simulate, type RadioSpec, type RunSpec } from '../../sim/index.ts';
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
