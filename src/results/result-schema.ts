import { z } from 'zod';
import { byteCauses, importances, type RunSpec } from '../../sim/index.ts';
import { resultSchema } from './result-file.ts';

const count = z.number().nonnegative();

const histogram = z.looseObject({
  kind: z.literal('log-linear-1'),
  count,
  sum: z.number(),
  min: z.number(),
  max: z.number(),
  buckets: z.array(z.tuple([z.int(), count])),
});

/** The parts of a spec that reports read by name; the rest is carried along as it is. */
const spec = z.custom<RunSpec>(
  (value) =>
    z
      .object({
        scenario: z.string(),
        label: z.string(),
        seed: z.number(),
        deviceGroups: z.array(
          z.looseObject({ name: z.string(), class: z.string(), syncPolicy: z.looseObject({}) }),
        ),
        pushPolicy: z.looseObject({ kind: z.string() }),
      })
      .safeParse(value).success,
  'not a run specification',
);

const energy = z.looseObject({ promotion: count, active: count, tail: count, idle: count });

const run = z.looseObject({
  spec,
  backend: z.enum(['sim', 'live']),
  mode: z.enum(['exact', 'exact-sliced', 'exact-elided', 'expected', 'live']),
  timeScale: z.number().positive(),
  countedMs: z.number().positive(),
  devices: z.number().positive(),
  groups: z.array(
    z.looseObject({
      name: z.string(),
      devices: count,
      contacts: count,
      emptyContacts: count,
      wakeUps: count,
      energyJ: energy,
    }),
  ),
  requests: z.object({
    'sync-token': count,
    'sync-collection': count,
    multiget: count,
    put: count,
    delete: count,
    register: count,
    home: count.exactOptional(),
    list: count.exactOptional(),
  }),
  bytes: z.array(z.looseObject({ cause: z.enum(byteCauses), up: count, down: count })),
  staleness: z.record(z.enum(importances), histogram),
  freshShare: z.number(),
  ledger: z.looseObject({ changes: count, expected: count, seen: count, seenLate: count, lost: count }),
  push: z.looseObject({ sent: count, merged: count, delivered: count, dropped: count, failed: count }),
  server: z.looseObject({
    requests: count,
    peakPerSecond: count,
    busyMs: count,
    loopMs: count.exactOptional(),
    waitedMs: count.exactOptional(),
    majorGcs: count.exactOptional(),
    residentBytes: count.exactOptional(),
    responseMs: histogram,
    series: z.looseObject({ binMs: z.number().positive(), requests: z.array(count), pushes: z.array(count) }),
  }),
  failures: z
    .looseObject({
      refused: count,
      unreachable: count,
      broken: count,
      timedOut: count,
      retried: count,
      abandoned: count,
      reconnects: count,
      series: z.array(count),
    })
    .exactOptional(),
  stateCheck: z.looseObject({ compared: count, different: count }),
  generator: z
    .looseObject({
      lagMs: histogram,
      responseMs: histogram,
      serviceMs: histogram,
      failures: count,
      eventLoopDelayMs: z.looseObject({ mean: count, p99: count, max: count }).exactOptional(),
    })
    .exactOptional(),
});

/** What a result file must hold to be read. Fields that a newer version added are kept. */
export const resultFileSchema = z.looseObject({
  schema: z.literal(resultSchema),
  name: z.string(),
  title: z.string(),
  question: z.string(),
  made: z.looseObject({
    startedAt: z.string(),
    durationMs: count,
    davpulse: z.string(),
    command: z.string(),
    node: z.string(),
    machine: z.looseObject({ platform: z.string(), cpu: z.string(), cores: count, memoryBytes: count }),
    notes: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  source: z.string(),
  runs: z.array(run),
  thresholds: z.array(z.looseObject({ scenario: z.string(), text: z.string() })).exactOptional(),
  part: z
    .looseObject({
      indices: z.array(z.int().nonnegative()),
      of: z.int().positive(),
      cutShort: z.literal(true).exactOptional(),
    })
    .exactOptional(),
});
