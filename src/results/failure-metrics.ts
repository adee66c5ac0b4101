import type { FailureRecord } from '../../sim/index.ts';
import { perDeviceDay, total, type Metric } from './metric.ts';

const unanswered = ({ refused, unreachable, broken, timedOut }: FailureRecord): number =>
  refused + unreachable + broken + timedOut;

const counted = (id: string, title: string, of: (failures: FailureRecord) => number): Metric => ({
  id,
  title,
  unit: 'count/device-day',
  better: 'less',
  of: perDeviceDay(({ failures }) => (failures === undefined ? NaN : of(failures))),
});

/** Metrics of requests that had no answer; NaN for runs in which every request has one. */
export const failureMetrics: readonly Metric[] = [
  counted('failures', 'Requests without an answer', unanswered),
  counted('failures.refused', 'Refused requests', ({ refused }) => refused),
  counted('failures.timed-out', 'Requests that timed out', ({ timedOut }) => timedOut),
  counted('failures.retried', 'Retried requests', ({ retried }) => retried),
  counted('failures.abandoned', 'Requests given up', ({ abandoned }) => abandoned),
  {
    id: 'failures.share',
    title: 'Share of requests without an answer',
    unit: 'share',
    better: 'less',
    of({ failures, requests, server }) {
      if (failures === undefined) return NaN;
      const sent = Math.max(
        total(Object.values(requests), (count) => count),
        server.requests,
      );
      // Those that timed out are among the ones that the server served.
      return unanswered(failures) / (sent + unanswered(failures) - failures.timedOut);
    },
  },
];
