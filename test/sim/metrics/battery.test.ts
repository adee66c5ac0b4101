import { expect, it } from 'vitest';
import { batteryUse } from '../../../sim/index.ts';
import { plainDevices } from '../plain-spec.ts';

const record = {
  name: 'phone',
  devices: 10,
  contacts: 0,
  emptyContacts: 0,
  wakeUps: 0,
  energyJ: { promotion: 1000, active: 500, tail: 7700, idle: 1e6 },
};

it('is told in joules, mAh and per cent of the battery, per device and day', () => {
  // 4000 mAh at 3.85 V are 55.44 kJ.
  const devices = plainDevices({ batteryJ: 55_440, batteryVolts: 3.85 });
  const use = batteryUse(record, devices, 2 * 86_400_000);
  expect(use.joules).toBeCloseTo(460, 9);
  expect(use.percent).toBeCloseTo((100 * 460) / 55_440, 9);
  expect(use.mAh).toBeCloseTo(4000 * (460 / 55_440), 9);
});

it('has no share and no charge for devices on mains', () => {
  expect(batteryUse(record, plainDevices(), 86_400_000)).toEqual({ joules: 920 });
});
