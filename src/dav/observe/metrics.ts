import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineTotals, PushEngine } from '../../push/index.ts';
import { handlers } from '../methods/registry.ts';
import { majorGc } from './major-gc.ts';
import type { Observer } from './observer.ts';

export interface Metrics {
  readonly observe: Observer;
  readonly contentType: string;
  /** The Prometheus text form. */
  text(): Promise<string>;
}

const secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

const pushCounters = {
  sent: 'Push messages accepted by push services',
  merged: 'Changes that joined a push message already pending',
  retried: 'Push attempts that failed and are tried again',
  failed: 'Push messages given up',
  removed: 'Push subscriptions removed because they are gone',
} as const satisfies Partial<Record<keyof EngineTotals, string>>;

const isPushCounter = (key: string): key is keyof typeof pushCounters => key in pushCounters;

/** What `/metrics` tells, of this server alone. */
export function createMetrics(connections: () => number, push: PushEngine | undefined): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['method', 'report'] as const;
  const requests = new Counter({
    name: 'davpulse_requests_total',
    help: 'Requests answered',
    labelNames: [...labelNames, 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'davpulse_request_seconds',
    help: 'From request to answer',
    labelNames,
    buckets: secondsBuckets,
    registers,
  });
  const up = new Counter({ name: 'davpulse_bytes_up_total', help: 'Bytes of request bodies', registers });
  const down = new Counter({ name: 'davpulse_bytes_down_total', help: 'Bytes of answer bodies', registers });
  processGauges(registry, connections);
  if (push !== undefined) pushGauges(registry, push);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe: ({ request, outcome: { answer, bytesUp }, bytesDown, durationMs }) => {
      const known = request.method !== undefined && handlers.has(request.method);
      const labels = { method: known ? (request.method ?? '') : 'other', report: answer?.report ?? '' };
      requests.inc({ ...labels, status: String(answer?.status ?? 200) });
      seconds.observe(labels, durationMs / 1000);
      up.inc(bytesUp);
      down.inc(bytesDown);
    },
  };
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  const made: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => made.set(value()),
  });
}

function counter(registry: Registry, name: string, help: string, value: () => number): void {
  const made: Counter = new Counter({
    name,
    help,
    registers: [registry],
    collect: () => {
      made.reset();
      made.inc(value());
    },
  });
}

function processGauges(registry: Registry, connections: () => number): void {
  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  counter(registry, 'process_cpu_seconds_total', 'CPU time of the process', cpuSeconds);
  gauge(registry, 'process_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss());
  // Counts from now on, not from when it is first asked.
  majorGc();
  counter(registry, 'davpulse_major_gc_total', 'Collections of the whole heap', () => majorGc().count);
  counter(registry, 'davpulse_major_gc_seconds_total', 'How long these stopped it', () => majorGc().seconds);
  gauge(registry, 'davpulse_open_connections', 'Open client connections', connections);
}

function pushGauges(registry: Registry, push: PushEngine): void {
  for (const [key, help] of Object.entries(pushCounters)) {
    if (isPushCounter(key)) counter(registry, `davpulse_push_${key}_total`, help, () => push.totals()[key]);
  }
  gauge(registry, 'davpulse_push_pending', 'Push messages waiting to be sent', () => push.totals().pending);
}
