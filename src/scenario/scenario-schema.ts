import { z } from 'zod';
import { parseThreshold } from '../results/index.ts';
import { dataSchemas } from './data-schema.ts';
import { collectionGroup } from './collection-schema.ts';
import { deviceGroup } from './device-schema.ts';
import { durationSchema } from './duration.ts';
import { faultSchema } from './fault-schema.ts';
import { named, nonEmpty } from './named.ts';
import { serverChangesSchema } from './server-schema.ts';
import { pushPolicySchema, syncPolicySchema } from './policy-schema.ts';
import { integerSchema, numberSchema, positive } from './values.ts';

const axis = z.union(
  [
    z.strictObject({
      name: nonEmpty,
      points: z
        .array(
          z.strictObject({
            label: nonEmpty,
            set: z.record(z.string(), z.unknown()).describe('path of a field to its value at this point'),
          }),
        )
        .min(1, 'expected at least one point'),
    }),
    z.strictObject({
      name: nonEmpty.optional().describe('what reports call the axis; by default the field itself'),
      field: nonEmpty.describe('path of the field, such as collections.0.changes.perDay'),
      values: z.array(z.unknown()).min(1, 'expected at least one value'),
    }),
  ],
  { error: 'expected an axis: { name, points: [{ label, set }] } or { name, field, values }' },
);

const threshold = z
  .string({ error: 'expected a threshold, such as staleness.high.p95 < 10s' })
  .check((context) => {
    try {
      parseThreshold(context.value);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.issues.push({ code: 'custom', message, input: context.value });
    }
  });

/** A scenario as a file holds it; parsing turns durations into ms and fills defaults. */
export const scenarioSchema = z.strictObject({
  kind: z.literal('scenario').default('scenario'),
  name: nonEmpty.describe('the name that results and reports show'),
  title: z.string().optional(),
  question: z.string().optional().describe('what the scenario is to answer'),
  backend: z.enum(['sim', 'live', 'both']).default('sim'),
  duration: durationSchema({ min: 1 }),
  warmUp: durationSchema().default(0).describe('run before the counted duration and not counted'),
  seeds: z
    .union([integerSchema(1, 10_000), z.array(integerSchema(0)).min(1, 'expected at least one seed')], {
      error: 'expected a number of seeds, or a list of seeds',
    })
    .default(1)
    .describe('how many replications (seeds 1, 2, …), or the seeds themselves'),
  users: integerSchema(1).describe('users in the fleet; device groups say how many devices each has'),
  timeZones: z
    .array(
      z.strictObject({
        offset: numberSchema(-12, 14).describe('hours ahead of the clock of the run'),
        weight: positive.describe('relative share of the users'),
      }),
    )
    .min(1, 'expected at least one time zone')
    .optional()
    .describe('by what clocks the users live; one for all by default'),
  devices: z.array(deviceGroup).min(1, 'expected at least one device group'),
  collections: z.array(collectionGroup).min(1, 'expected at least one collection group'),
  syncPolicy: syncPolicySchema.optional().describe('when devices ask, unless their group says otherwise'),
  pushPolicy: pushPolicySchema.default({ kind: 'off' }).describe('what the server sends and when'),
  pushService: named(dataSchemas['push-services'], 'push-services').default('ideal'),
  transport: z
    .strictObject({
      http: z.enum(['1.1', '2']).default('1.1'),
      tls: z.boolean().default(true),
      keepAlive: durationSchema().default(5000).describe('an idle connection is closed after this'),
    })
    .prefault({}),
  wire: named(dataSchemas.wire, 'wire')
    .optional()
    .describe('bytes of each request; by default those of the transport'),
  server: z
    .union([nonEmpty, serverChangesSchema], { error: 'expected the name of a server, or its fields' })
    .default('davpulse'),
  live: z
    .strictObject({
      timeScale: numberSchema(1)
        .default(1)
        .describe('sync intervals are divided, change rates multiplied by this'),
      maxLag: durationSchema({ min: 1 })
        .default(250)
        .describe('a generator later than this (p99) makes the run invalid'),
      faults: z.array(faultSchema).default([]).describe('what the bundled push service does wrong, and when'),
    })
    .prefault({})
    .describe('settings of the live backend'),
  thresholds: z
    .array(threshold)
    .default([])
    .describe('promises about the figures; a broken one ends the run with DAVPULSE_THRESHOLD_BROKEN'),
  sweep: z.array(axis).default([]).describe('axes whose every combination is one run'),
});

/** Several scenarios that answer one question together. */
export const studySchema = z.strictObject({
  kind: z.literal('study'),
  name: nonEmpty.describe('names the output folder'),
  title: nonEmpty,
  question: nonEmpty.describe('what the study is to answer'),
  scenarios: z.array(z.unknown()).min(1, 'expected at least one scenario'),
});

export type ScenarioInput = z.output<typeof scenarioSchema>;
