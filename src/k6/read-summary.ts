import { z } from 'zod';
import { DavpulseError } from '../errors/index.ts';

const metricSchema = z.looseObject({
  values: z.record(z.string(), z.number()),
  thresholds: z.record(z.string(), z.looseObject({ ok: z.boolean() })).optional(),
});
const summarySchema = z.looseObject({
  davpulse: z.looseObject({ scenario: z.string() }).optional(),
  state: z.looseObject({ testRunDurationMs: z.number() }),
  metrics: z.record(z.string(), metricSchema),
});

/** Figures of one kind of request, times in ms. */
export interface K6Requests {
  readonly kind: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What a test of k6 found, in the words of davpulse. */
export interface K6Figures {
  readonly scenario: string;
  readonly durationMs: number;
  readonly requests: readonly K6Requests[];
  /** Age at which devices learned of changes, ms; undefined where contacts do not follow the clock. */
  readonly staleness:
    | { readonly changes: number; readonly p50Ms: number; readonly p95Ms: number }
    | undefined;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly failedShare: number;
  /** Arrivals that no virtual user was free for. */
  readonly dropped: number;
  readonly brokenThresholds: readonly string[];
}

/** What holds always is there for k6 to keep the figures of a kind apart. */
const isPromise = (text: string): boolean => !/^(max|count)>=0$/.test(text);

/**
 * Reads the summary that an exported script leaves.
 * @throws DavpulseError DAVPULSE_RESULT_INVALID for one of another script, or none of k6
 */
export function readK6Summary(content: unknown, place: string): K6Figures {
  const parsed = summarySchema.safeParse(content);
  if (!parsed.success) {
    throw new DavpulseError(
      'DAVPULSE_RESULT_INVALID',
      `${place} is not a summary that a script of davpulse export k6 leaves`,
    );
  }
  const { metrics, davpulse, state } = parsed.data;
  const value = (metric: string, statistic: string): number => metrics[metric]?.values[statistic] ?? 0;
  const requests = Object.keys(metrics).flatMap((name): K6Requests[] => {
    const kind = /^http_req_duration\{kind:(.+)\}$/.exec(name)?.[1];
    const count = value(name, 'count');
    if (kind === undefined || count === 0) return [];
    return [
      {
        kind,
        requests: count,
        p50Ms: value(name, 'med'),
        p95Ms: value(name, 'p(95)'),
        p99Ms: value(name, 'p(99)'),
        maxMs: value(name, 'max'),
      },
    ];
  });
  const changes = value('staleness', 'count');
  return {
    scenario: davpulse?.scenario ?? place,
    durationMs: state.testRunDurationMs,
    requests: requests.sort((a, b) => b.requests - a.requests),
    staleness:
      changes === 0
        ? undefined
        : { changes, p50Ms: value('staleness', 'med'), p95Ms: value('staleness', 'p(95)') },
    bytesUp: value('data_sent', 'count'),
    bytesDown: value('data_received', 'count'),
    failedShare: value('http_req_failed', 'rate'),
    dropped: value('dropped_iterations', 'count'),
    brokenThresholds: Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
      Object.entries(thresholds).flatMap(([text, { ok }]) =>
        ok || !isPromise(text) ? [] : `${name}: ${text}`,
      ),
    ),
  };
}
