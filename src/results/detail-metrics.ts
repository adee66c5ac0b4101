import { byteCauses, histogramQuantile, importances } from '../../sim/index.ts';
import {
  allStaleness,
  batteryCharge,
  batteryPercent,
  groupsOf,
  perDeviceDay,
  perDeviceDayIn,
  syncEnergyJ,
  total,
  type Metric,
} from './metric.ts';
import { tcpIpBytes } from './tcp-ip.ts';

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
    id: 'battery.mah',
    title: 'Battery charge',
    unit: 'mAh/day',
    better: 'less',
    of: batteryCharge,
  },
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

/** Beside the bytes on the socket, in which it is not: an estimate in either backend. */
const tcpIp: readonly Metric[] = [
  {
    id: 'bytes.tcp-ip',
    title: 'TCP/IP on top of the bytes, estimated',
    unit: 'bytes/device-day',
    better: 'less',
    of: perDeviceDay((record) => total(tcpIpBytes(record), ({ up, down }) => up + down)),
  },
  ...byteCauses.map((cause): Metric => ({
    id: `bytes.tcp-ip.${cause}`,
    title: `TCP/IP on top of the bytes of ${cause}, estimated`,
    unit: 'bytes/device-day',
    better: 'less',
    of: perDeviceDay((record) =>
      total(tcpIpBytes(record), (bytes) => (bytes.cause === cause ? bytes.up + bytes.down : 0)),
    ),
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

const serverMemory: Metric = {
  id: 'server.memory',
  title: 'Server memory',
  unit: 'bytes',
  better: 'less',
  of: ({ server }) => server.residentBytes ?? NaN,
};

const utilisation: Metric = {
  id: 'server.busy',
  title: 'Server utilisation',
  unit: 'share',
  better: 'less',
  of: ({ server, spec, countedMs }) => server.busyMs / (countedMs * spec.server.workers),
};

const serviceTimes = ([50, 99] as const).map((percent): Metric => ({
  id: `service.p${percent}`,
  title: `Service time p${percent}`,
  unit: 'ms',
  better: 'less',
  of: ({ generator }) =>
    generator === undefined ? NaN : histogramQuantile(generator.serviceMs, percent / 100),
}));

/** Metrics for thresholds, comparisons and data files: by importance, by class of device, and of the server. */
export const detailMetrics: readonly Metric[] = [
  ...stalenessByImportance,
  ...byClass,
  ...further,
  ...tcpIp,
  serverWork,
  serverMemory,
  utilisation,
  ...serviceTimes,
];
