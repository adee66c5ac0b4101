import {
  histogramQuantile,
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

const dayMs = 86_400_000;
const deviceDays = (record: RunRecord, devices: number): number => (devices * record.countedMs) / dayMs;
const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

/** Staleness of all importances together. */
export const allStaleness = (record: RunRecord): HistogramData =>
  mergeHistograms(importances.map((importance) => record.staleness[importance]));

/** Energy that syncing costs: all of the radio's but the idle floor, which is paid without any sync too. */
export const syncEnergyJ = (group: GroupRecord): number =>
  group.energyJ.promotion + group.energyJ.active + group.energyJ.tail;

const perDeviceDay = (of: (record: RunRecord) => number) => (record: RunRecord) =>
  of(record) / deviceDays(record, record.devices);

const groupsOf = (record: RunRecord, deviceClass: string) => {
  const names = new Set(
    record.spec.deviceGroups.filter((group) => group.class === deviceClass).map((group) => group.name),
  );
  return record.groups.filter((group) => names.has(group.name));
};

const perDeviceDayIn = (
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
function batteryPercent(record: RunRecord, groups: readonly GroupRecord[]): number {
  const capacityJ = new Map(record.spec.deviceGroups.map((group) => [group.name, group.batteryJ]));
  const onBattery = groups.filter((group) => capacityJ.get(group.name) !== undefined);
  return (
    100 *
    perDeviceDayIn(record, onBattery, (group) => syncEnergyJ(group) / (capacityJ.get(group.name) ?? NaN))
  );
}

const countedSeconds = (record: RunRecord): number => record.countedMs / 1000;

const table: readonly Metric[] = [
  ...([50, 95] as const).map((percent): Metric => ({
    id: `staleness.p${percent}`,
    title: `Staleness p${percent}`,
    unit: 'ms',
    better: 'less',
    shownIn: 'Freshness',
    of: (record) => histogramQuantile(allStaleness(record), percent / 100),
  })),
  {
    id: 'fresh',
    title: 'Time fresh',
    unit: 'share',
    better: 'more',
    shownIn: 'Freshness',
    of: (record) => record.freshShare,
  },
  {
    id: 'losses',
    title: 'Losses',
    unit: 'count',
    better: 'less',
    shownIn: 'Freshness',
    of: (record) => record.ledger.lost,
  },
  {
    id: 'requests',
    title: 'Requests',
    unit: 'count/device-day',
    better: 'less',
    shownIn: 'Traffic',
    of: perDeviceDay((record) => total(Object.values(record.requests), (count) => count)),
  },
  {
    id: 'contacts.empty',
    title: 'Empty contacts',
    unit: 'share',
    better: 'less',
    shownIn: 'Traffic',
    of: (record) =>
      total(record.groups, (group) => group.emptyContacts) / total(record.groups, (group) => group.contacts),
  },
  {
    id: 'bytes.up',
    title: 'Bytes up',
    unit: 'bytes/device-day',
    better: 'less',
    shownIn: 'Traffic',
    of: perDeviceDay((record) => total(record.bytes, ({ up }) => up)),
  },
  {
    id: 'bytes.down',
    title: 'Bytes down',
    unit: 'bytes/device-day',
    better: 'less',
    shownIn: 'Traffic',
    of: perDeviceDay((record) => total(record.bytes, ({ down }) => down)),
  },
  {
    id: 'wake-ups',
    title: 'Wake-ups',
    unit: 'count/device-day',
    better: 'less',
    shownIn: 'Device and server',
    of: perDeviceDay((record) => total(record.groups, (group) => group.wakeUps)),
  },
  {
    id: 'energy',
    title: 'Sync energy',
    unit: 'J/device-day',
    better: 'less',
    shownIn: 'Device and server',
    of: perDeviceDay((record) => total(record.groups, syncEnergyJ)),
  },
  {
    id: 'battery',
    title: 'Battery',
    unit: '%/day',
    better: 'less',
    shownIn: 'Device and server',
    of: (record) => batteryPercent(record, record.groups),
  },
  {
    id: 'server.mean',
    title: 'Server load',
    unit: '1/s',
    better: 'less',
    shownIn: 'Device and server',
    of: (record) => record.server.requests / countedSeconds(record),
  },
  {
    id: 'server.peak',
    title: 'Peak second',
    unit: '1/s',
    better: 'less',
    shownIn: 'Device and server',
    of: (record) => record.server.peakPerSecond,
  },
];

const stalenessByImportance = importances.flatMap((importance) =>
  ([50, 95, 99] as const).map((percent): Metric => ({
    id: `staleness.${importance}.p${percent}`,
    title: `Staleness p${percent}, ${importance} importance`,
    unit: 'ms',
    better: 'less',
    of: (record) => histogramQuantile(record.staleness[importance], percent / 100),
  })),
);

const byClass = (['phone', 'tablet', 'laptop', 'desktop'] as const).flatMap((deviceClass): Metric[] => [
  {
    id: `energy.${deviceClass}`,
    title: `Sync energy of a ${deviceClass}`,
    unit: 'J/device-day',
    better: 'less',
    of: (record) => perDeviceDayIn(record, groupsOf(record, deviceClass), syncEnergyJ),
  },
  {
    id: `battery.${deviceClass}`,
    title: `Battery of a ${deviceClass}`,
    unit: '%/day',
    better: 'less',
    of: (record) => batteryPercent(record, groupsOf(record, deviceClass)),
  },
  {
    id: `wake-ups.${deviceClass}`,
    title: `Wake-ups of a ${deviceClass}`,
    unit: 'count/device-day',
    better: 'less',
    of: (record) => perDeviceDayIn(record, groupsOf(record, deviceClass), (group) => group.wakeUps),
  },
]);

const further: readonly Metric[] = [
  {
    id: 'staleness.mean',
    title: 'Mean staleness',
    unit: 'ms',
    better: 'less',
    of: (record) => {
      const all = allStaleness(record);
      return all.sum / all.count;
    },
  },
  {
    id: 'staleness.p99',
    title: 'Staleness p99',
    unit: 'ms',
    better: 'less',
    of: (record) => histogramQuantile(allStaleness(record), 0.99),
  },
  {
    id: 'losses.share',
    title: 'Share of changes lost',
    unit: 'share',
    better: 'less',
    of: (record) => record.ledger.lost / record.ledger.expected,
  },
  {
    id: 'bytes',
    title: 'Bytes both ways',
    unit: 'bytes/device-day',
    better: 'less',
    of: perDeviceDay((record) => total(record.bytes, ({ up, down }) => up + down)),
  },
  {
    id: 'requests.total',
    title: 'Requests in all',
    unit: 'count',
    better: 'less',
    of: (record) => total(Object.values(record.requests), (count) => count),
  },
  {
    id: 'bytes.up.total',
    title: 'Bytes up in all',
    unit: 'bytes',
    better: 'less',
    of: (record) => total(record.bytes, ({ up }) => up),
  },
  {
    id: 'bytes.down.total',
    title: 'Bytes down in all',
    unit: 'bytes',
    better: 'less',
    of: (record) => total(record.bytes, ({ down }) => down),
  },
  {
    id: 'push.sent',
    title: 'Push messages',
    unit: 'count/device-day',
    better: 'less',
    of: perDeviceDay((record) => record.push.sent),
  },
  ...([50, 99] as const).map((percent): Metric => ({
    id: `server.response.p${percent}`,
    title: `Server response p${percent}`,
    unit: 'ms',
    better: 'less',
    of: (record) => histogramQuantile(record.server.responseMs, percent / 100),
  })),
];

/** Processor time in live runs, worker time in simulated ones: steadier than any time on the clock. */
const serverWork: Metric = {
  id: 'server.work',
  title: 'Server work per request',
  unit: 'ms',
  better: 'less',
  of: ({ server }) => server.busyMs / server.requests,
};

const serviceTimes = ([50, 99] as const).map((percent): Metric => ({
  id: `service.p${percent}`,
  title: `Service time p${percent}`,
  unit: 'ms',
  better: 'less',
  of: ({ generator }) =>
    generator === undefined ? NaN : histogramQuantile(generator.serviceMs, percent / 100),
}));

/** Every metric; a new one is an entry here. */
export const metrics: readonly Metric[] = [
  ...table,
  ...stalenessByImportance,
  ...byClass,
  ...further,
  serverWork,
  ...serviceTimes,
];

/** @throws RangeError for an id that no metric has */
export function metricById(id: string): Metric {
  const metric = metrics.find((candidate) => candidate.id === id);
  if (metric === undefined) throw new RangeError(`no metric is called ${id}`);
  return metric;
}
