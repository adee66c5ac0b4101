import { sum } from 'simple-statistics';
import { meanOf, type RunRecord } from '../../sim/index.ts';

const hourMs = 3_600_000;

/** What a server was busy with, as shares of all its workers. */
export interface Load {
  readonly requests: number;
  readonly pushes: number;
}

/** The highest hour of a run, or the whole run if that is shorter. */
export interface PeakHour {
  readonly fromMs: number;
  readonly lengthMs: number;
}

export const sumOf = ({ requests, pushes }: Load): number => requests + pushes;

const pushWorkMs = ({ spec }: RunRecord): number => meanOf(spec.server.pushMs);

/** Work of the mean request, ms. */
function requestWorkMs(record: RunRecord): number {
  const { server, push } = record;
  if (server.requests === 0) return 0;
  return Math.max(0, server.busyMs - push.sent * pushWorkMs(record)) / server.requests;
}

const loadAt = (record: RunRecord, requestsPerMs: number, pushesPerMs: number): Load => ({
  requests: (requestsPerMs * requestWorkMs(record)) / record.spec.server.workers,
  pushes: (pushesPerMs * pushWorkMs(record)) / record.spec.server.workers,
});

export const meanLoad = (record: RunRecord): Load =>
  loadAt(record, record.server.requests / record.countedMs, record.push.sent / record.countedMs);

/** Load in the second with the most requests. */
export const peakSecondLoad = (record: RunRecord): Load =>
  loadAt(record, record.server.peakPerSecond / 1000, 0);

/** Load between two instants of the counted time. */
export function loadBetween(record: RunRecord, fromMs: number, toMs: number): Load {
  const { binMs, requests, pushes } = record.server.series;
  const [from, to] = [
    Math.floor(fromMs / binMs),
    Math.max(Math.floor(fromMs / binMs) + 1, Math.ceil(toMs / binMs)),
  ];
  const perMs = (bins: readonly number[]): number => sum(bins.slice(from, to)) / ((to - from) * binMs);
  return loadAt(record, perMs(requests), perMs(pushes));
}

/** Where the hour with the most work lies. */
export function peakHourOf(record: RunRecord): PeakHour {
  const { binMs, requests, pushes } = record.server.series;
  const work = requests.map(
    (count, bin) => count * requestWorkMs(record) + (pushes[bin] ?? 0) * pushWorkMs(record),
  );
  const bins = Math.min(work.length, Math.max(1, Math.round(Math.min(hourMs, record.countedMs) / binMs)));
  let inHour = sum(work.slice(0, bins));
  let [most, at] = [inHour, 0];
  for (let end = bins; end < work.length; end += 1) {
    inHour += (work[end] ?? 0) - (work[end - bins] ?? 0);
    if (inHour > most) [most, at] = [inHour, end - bins + 1];
  }
  return { fromMs: at * binMs, lengthMs: bins * binMs };
}

export function peakHourLoad(record: RunRecord): Load {
  const { fromMs, lengthMs } = peakHourOf(record);
  return loadBetween(record, fromMs, fromMs + lengthMs);
}
