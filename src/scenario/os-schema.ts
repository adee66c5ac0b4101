import { z } from 'zod';
import type { BatterySaverSpec, ContactQuota, DozeLadder, OsSpec } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { integerSchema, numberSchema } from './values.ts';

const minuteMs = 60_000;

const ladder = z
  .strictObject({
    after: durationSchema().describe('from the last use to the first idle spell'),
    idle: durationSchema({ min: 1000 }).describe('the first idle spell'),
    idleFactor: numberSchema(1, 100).default(1).describe('each spell is longer than the last by this factor'),
    maxIdle: durationSchema({ min: 1000 }).describe('up to this'),
    window: durationSchema({ min: 1 }).describe('the maintenance window after the first spell'),
    windowFactor: numberSchema(1, 100).default(1),
    maxWindow: durationSchema({ min: 1 }),
  })
  .refine(({ idle, maxIdle }) => maxIdle >= idle, 'expected a maxIdle of at least idle')
  .refine(({ window, maxWindow }) => maxWindow >= window, 'expected a maxWindow of at least window')
  .transform((given): DozeLadder => ({
    afterMs: given.after,
    idleMs: given.idle,
    idleFactor: given.idleFactor,
    maxIdleMs: given.maxIdle,
    windowMs: given.window,
    windowFactor: given.windowFactor,
    maxWindowMs: given.maxWindow,
  }));

const quota = z
  .strictObject({
    contacts: integerSchema(1, 1000),
    within: durationSchema({ min: minuteMs }).describe('no more start within any span of this length'),
  })
  .transform(({ contacts, within }): ContactQuota => ({ contacts, withinMs: within }));

const urgency = z.enum(['very-low', 'low', 'normal', 'high']);

/** A battery saver, as a file of scenarios/data/battery-savers holds it. */
export const batterySaverFields = {
  below: numberSchema(0, 1).describe('it is on below this share of a full charge'),
  share: numberSchema(0, 1).optional().describe('share of the devices on which it is used; all by default'),
  wakingUrgency: urgency
    .optional()
    .describe('pushes below this urgency wait for a charger or for the app to be opened'),
};

type GivenSaver = z.output<z.ZodObject<typeof batterySaverFields>>;

export const batterySaverOf = ({ below, share, wakingUrgency }: GivenSaver): BatterySaverSpec => ({
  below,
  ...(share !== undefined && { share }),
  ...(wakingUrgency && { wakingUrgency }),
});

/** The rules of an operating system, as a file of scenarios/data/os holds them. */
export const osFields = {
  doze: z
    .strictObject({ light: ladder.optional(), deep: ladder.optional() })
    .optional()
    .describe('idle states of a device left alone off the charger; deep needs it to lie still'),
  quotas: z.array(quota).optional().describe('background contacts on battery'),
  buckets: z
    .record(z.string(), z.array(quota))
    .optional()
    .describe('further quotas, by how often the app is used; a device group names its bucket'),
  onChargerOnly: z.boolean().optional().describe('background contacts run on a charger only'),
  wakingUrgency: urgency
    .optional()
    .describe('pushes below this urgency wait while the device is in an idle state'),
  pushGrace: durationSchema()
    .optional()
    .describe('how long after a push that woke the device the client may use the network'),
};

type Given = z.output<z.ZodObject<typeof osFields & { readonly name: z.ZodString }>>;

/** What a file says, with the quotas of its buckets apart. */
export interface OsData extends OsSpec {
  readonly buckets: Readonly<Record<string, readonly ContactQuota[]>>;
}

export const osOf = (given: Given): OsData => ({
  name: given.name,
  ...(given.doze && {
    doze: {
      ...(given.doze.light && { light: given.doze.light }),
      ...(given.doze.deep && { deep: given.doze.deep }),
    },
  }),
  ...(given.quotas && { quotas: given.quotas }),
  ...(given.onChargerOnly === undefined ? {} : { onChargerOnly: given.onChargerOnly }),
  ...(given.wakingUrgency && { wakingUrgency: given.wakingUrgency }),
  ...(given.pushGrace === undefined ? {} : { pushGraceMs: given.pushGrace }),
  buckets: given.buckets ?? {},
});
