import {
  batteryUse,
  importances,
  mergeHistograms,
  type GroupRecord,
  type HistogramData,
  type RunRecord,
} from '../../sim/index.ts';

/** What the numbers of a metric are; decides how they are printed and which threshold units fit. */
export type MetricUnit =
  | 'ms'
  | 'share'
  | 'count'
  | 'count/device-day'
  | 'bytes'
  | 'bytes/device-day'
  | 'J/device-day'
  | '%/day'
  | 'mAh/day'
  | '1/s';

/** The parts of the summary table. */
export const summaryParts = ['Freshness', 'Traffic', 'Device and server'] as const;

/** One figure that a run yields. Tables, CSV, charts, comparisons and thresholds all read this one list. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: MetricUnit;
  readonly better: 'less' | 'more';
  /** Part of the summary that shows it; the others are for thresholds, comparisons and data files. */
  readonly shownIn?: (typeof summaryParts)[number];
  /** NaN when the metric does not apply to the run. */
  of(record: RunRecord): number;
}

export const dayMs = 86_400_000;
export const deviceDays = (record: RunRecord, devices: number): number =>
  (devices * record.countedMs) / dayMs;
export const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

/** Staleness of all importances together. */
export const allStaleness = (record: RunRecord): HistogramData =>
  mergeHistograms(importances.map((importance) => record.staleness[importance]));

/** Energy that syncing costs: all of the radio's but the idle floor, which is paid without any sync too. */
export const syncEnergyJ = (group: GroupRecord): number =>
  group.energyJ.promotion + group.energyJ.active + group.energyJ.tail;

export const perDeviceDay = (of: (record: RunRecord) => number) => (record: RunRecord) =>
  of(record) / deviceDays(record, record.devices);

export const groupsOf = (record: RunRecord, deviceClass: string) => {
  const names = new Set(
    record.spec.deviceGroups.filter((group) => group.class === deviceClass).map((group) => group.name),
  );
  return record.groups.filter((group) => names.has(group.name));
};

export const perDeviceDayIn = (
  record: RunRecord,
  groups: readonly GroupRecord[],
  of: (group: GroupRecord) => number,
) =>
  total(groups, of) /
  deviceDays(
    record,
    total(groups, (group) => group.devices),
  );

/** Per cent of the battery a day: mean over the devices that have one. */
export function batteryPercent(record: RunRecord, groups: readonly GroupRecord[]): number {
  const capacityJ = new Map(record.spec.deviceGroups.map((group) => [group.name, group.batteryJ]));
  const onBattery = groups.filter((group) => capacityJ.get(group.name) !== undefined);
  return (
    100 *
    perDeviceDayIn(record, onBattery, (group) => syncEnergyJ(group) / (capacityJ.get(group.name) ?? NaN))
  );
}

/** Charge a day in mAh: mean over the devices whose battery has a stated voltage. */
export function batteryCharge({ spec, groups, countedMs }: RunRecord): number {
  const stated = groups.flatMap((group) => {
    const own = spec.deviceGroups.find(({ name }) => name === group.name);
    const mAh = own && group.devices > 0 ? batteryUse(group, own, countedMs).mAh : undefined;
    return mAh === undefined ? [] : [{ devices: group.devices, mAh }];
  });
  return total(stated, ({ devices, mAh }) => devices * mAh) / total(stated, ({ devices }) => devices);
}

export const countedSeconds = (record: RunRecord): number => record.countedMs / 1000;
