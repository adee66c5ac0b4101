import { z } from 'zod';
import type {
  ClientProfile,
  LinkSpec,
  Promotion,
  RadioSpec,
  RadioStage,
  SmallTransfers,
  WireCosts,
} from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { pushServiceFields, pushServiceOf } from './push-service-schema.ts';
import { retriesSchema, serverFileSchema } from './server-schema.ts';
import { batterySaverFields, batterySaverOf, osFields, osOf } from './os-schema.ts';
import { usageFields, usageOf } from './usage-schema.ts';
import { integerSchema, numberSchema, positive, timeDistribution } from './values.ts';

const name = z.string().min(1).describe('the name that reports show');

/** Where the numbers of a data file come from: path of a field to its source. */
const sources = z
  .record(
    z.string(),
    z.strictObject({
      source: z.string().describe('document, code or command that the number comes from'),
      confidence: z.enum(['verified', 'derived', 'memory-unverified', 'assumption', 'measured']),
    }),
  )
  .optional()
  .describe('source and confidence of the numbers, by path of the field');

const bytes = z.strictObject({ up: numberSchema(0), down: numberSchema(0) });

const promotion = z.strictObject({ time: durationSchema(), watts: numberSchema(0) });

const promotionOf = ({ time, watts }: z.output<typeof promotion>): Promotion => ({ ms: time, watts });

const smallTransfers = z.strictObject({
  bytesUp: numberSchema(0),
  bytesDown: numberSchema(0),
  in: z
    .string()
    .optional()
    .describe('name of the state that they pass in, an earlier one; this one by default'),
  promotion: promotion.optional().describe('what entering that state takes'),
});

const smallOf = (given: z.output<typeof smallTransfers>): SmallTransfers => ({
  bytesUp: given.bytesUp,
  bytesDown: given.bytesDown,
  ...(given.in === undefined ? {} : { in: given.in }),
  ...(given.promotion && { promotion: promotionOf(given.promotion) }),
});

/** Part of the time at another power: DRX, paging, beacons. */
const dutyCycle = z
  .strictObject({
    onWatts: numberSchema(0),
    on: durationSchema().describe('how long the radio listens in each cycle'),
    cycle: durationSchema({ min: 0.001 }),
  })
  .transform((given) => ({ onWatts: given.onWatts, onMs: given.on, cycleMs: given.cycle }));

const stage = z
  .strictObject({
    name: z.string(),
    time: durationSchema().describe('the timer that ends the state'),
    watts: numberSchema(0),
    dutyCycle: dutyCycle.optional().describe('draws another power for part of the time'),
    promotion: promotion
      .optional()
      .describe('what a transfer that begins in this state pays to become active'),
    carries: smallTransfers
      .extend({
        restartsTimer: z
          .boolean()
          .optional()
          .describe('they begin the timer of that state anew; true by default'),
      })
      .optional()
      .describe('keep-alives and push messages up to this size pass without making the radio active'),
  })
  .transform((given): RadioStage => ({
    name: given.name,
    ms: given.time,
    watts: given.watts,
    ...(given.dutyCycle && { dutyCycle: given.dutyCycle }),
    ...(given.promotion && { promotion: promotionOf(given.promotion) }),
    ...(given.carries && {
      carries: {
        ...smallOf(given.carries),
        ...(given.carries.restartsTimer === undefined ? {} : { restartsTimer: given.carries.restartsTimer }),
      },
    }),
  }));

const radio = z
  .strictObject({
    name,
    sources,
    promotion: promotion.describe('from idle to active'),
    active: z.strictObject({
      watts: numberSchema(0),
      wattsPerMbpsUp: numberSchema(0).default(0),
      wattsPerMbpsDown: numberSchema(0).default(0),
    }),
    tail: z.array(stage).describe('the states after a transfer, in order, before idle'),
    idleWatts: numberSchema(0),
    idleDutyCycle: dutyCycle.optional().describe('listening for pages while idle'),
    idleCarries: smallTransfers
      .extend({ in: z.string().describe('name of the state that they pass in') })
      .optional()
      .describe('keep-alives and push messages up to this size that do not make an idle radio active'),
    paging: timeDistribution.describe('wait of a message from the network for an idle device'),
  })
  .superRefine(({ tail, idleCarries }, context) => {
    const check = (state: string | undefined, until: number, path: (string | number)[]) => {
      const names = tail.slice(0, until).map((stage) => stage.name);
      if (state === undefined || names.includes(state)) return;
      const message = `expected a state of the tail up to here (${names.join(', ')}); got ${JSON.stringify(state)}`;
      context.addIssue({ code: 'custom', path, message });
    };
    for (const [place, stage] of tail.entries())
      check(stage.carries?.in, place + 1, ['tail', place, 'carries', 'in']);
    check(idleCarries?.in, tail.length, ['idleCarries', 'in']);
  })
  .transform((given): RadioSpec => ({
    name: given.name,
    promotion: promotionOf(given.promotion),
    active: given.active,
    tail: given.tail,
    idleWatts: given.idleWatts,
    ...(given.idleDutyCycle && { idleDutyCycle: given.idleDutyCycle }),
    ...(given.idleCarries && { idleCarries: { ...smallOf(given.idleCarries), in: given.idleCarries.in } }),
    pagingMs: given.paging,
  }));

const link = z
  .strictObject({
    name,
    sources,
    roundTrip: timeDistribution,
    mbpsUp: positive,
    mbpsDown: positive,
    natTimeout: durationSchema({ min: 1000 })
      .optional()
      .describe('a connection silent for longer is forgotten on the way; never by default'),
  })
  .transform((given): LinkSpec => ({
    name: given.name,
    rttMs: given.roundTrip,
    mbpsUp: given.mbpsUp,
    mbpsDown: given.mbpsDown,
    ...(given.natTimeout === undefined ? {} : { natTimeoutMs: given.natTimeout }),
  }));

const client = z
  .strictObject({
    name,
    sources,
    check: z
      .enum(['none', 'sync-token', 'home'])
      .describe('asked first: each collection, or the home for all; what shows nothing new is left at that'),
    report: z
      .enum(['sync-collection', 'list'])
      .default('sync-collection')
      .describe('how a collection is compared: by its changes, or by the ETags of all objects'),
    inline: z.boolean().default(false).describe('the report carries the bodies, no multiget follows'),
    multigetBatch: integerSchema(1).describe('objects fetched by one multiget'),
    concurrency: integerSchema(1).default(1).describe('multigets of one contact under way at once'),
    interval: durationSchema({ min: 1 }).optional().describe("the client's own default interval of polls"),
    timeout: durationSchema({ min: 1 })
      .optional()
      .describe('a request is given up after this; never by default'),
    retries: retriesSchema.optional().describe('what follows a failed request; the next contact by default'),
  })
  .transform((given): ClientProfile => ({
    name: given.name,
    check: given.check,
    report: given.report,
    inline: given.inline,
    multigetBatch: given.multigetBatch,
    concurrency: given.concurrency,
    ...(given.interval !== undefined && { intervalMs: given.interval }),
    ...(given.timeout !== undefined && { timeoutMs: given.timeout }),
    ...(given.retries && { retries: given.retries }),
  }));

const requestCost = z.strictObject({
  up: numberSchema(0),
  upPerItem: numberSchema(0).default(0),
  down: numberSchema(0),
  downPerItem: numberSchema(0).default(0),
});

const wire = z
  .strictObject({
    name,
    sources,
    connect: bytes,
    requests: z.strictObject({
      'sync-token': requestCost,
      'sync-collection': requestCost,
      multiget: requestCost,
      put: requestCost,
      delete: requestCost,
      register: requestCost,
      // Not measured by every wire file: figures of a small home and of short ETags.
      home: requestCost.default({ up: 700, upPerItem: 0, down: 600, downPerItem: 450 }),
      list: requestCost.default({ up: 560, upPerItem: 0, down: 400, downPerItem: 260 }),
    }),
    pushToDevice: bytes,
    pushToService: bytes,
    keepAlive: bytes,
  })
  .transform(({ sources: _, ...given }): WireCosts => given);

const pushService = z.strictObject({ name, sources, ...pushServiceFields }).transform(pushServiceOf);

const os = z.strictObject({ name, sources, ...osFields }).transform(osOf);

const batterySaver = z.strictObject({ name, sources, ...batterySaverFields }).transform(batterySaverOf);

const usage = z.strictObject({ name, sources, ...usageFields }).transform(usageOf);

/** What a scenario may name instead of spelling out; each kind is a folder of `scenarios/data`. */
export const dataSchemas = {
  radios: radio,
  links: link,
  clients: client,
  wire,
  'push-services': pushService,
  servers: serverFileSchema(name, sources),
  os,
  'battery-savers': batterySaver,
  usage,
} as const;

export type DataKind = keyof typeof dataSchemas;
