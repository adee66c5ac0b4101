import type { DeviceGroup } from '../spec.ts';
import type { GroupRecord } from './run-record.ts';

/** What one device of a group spends on syncing in a day, the idle floor of its radio aside. */
export interface BatteryUse {
  readonly joules: number;
  /** Charge at the mean voltage of the battery; absent when that is not known. */
  readonly mAh?: number;
  /** Share of the usable battery; absent for devices on mains. */
  readonly percent?: number;
}

const dayMs = 86_400_000;
/** One volt pushes one milliampere-hour with so many joules. */
const joulesPerVoltMah = 3.6;

/** Battery use of syncing by one device a day. `countedMs` is the time that the record counts. */
export function batteryUse(
  { devices, energyJ }: GroupRecord,
  { batteryJ, batteryVolts }: DeviceGroup,
  countedMs: number,
): BatteryUse {
  const deviceDays = (devices * countedMs) / dayMs;
  const joules = (energyJ.promotion + energyJ.active + energyJ.tail) / deviceDays;
  return {
    joules,
    ...(batteryVolts !== undefined && { mAh: joules / joulesPerVoltMah / batteryVolts }),
    ...(batteryJ !== undefined && { percent: (100 * joules) / batteryJ }),
  };
}
