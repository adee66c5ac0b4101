import { z } from 'zod';
import type {
  AcceptSpec,
  ColdSpec,
  MemorySpec,
  PacingSpec,
  RestartSpec,
  RetrySpec,
  ServerSpec,
} from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { integerSchema, numberSchema, timeDistribution } from './values.ts';

const service = z
  .strictObject({
    'sync-token': timeDistribution,
    'sync-collection': timeDistribution,
    multiget: timeDistribution,
    put: timeDistribution,
    delete: timeDistribution,
    register: timeDistribution,
    home: timeDistribution.optional(),
    list: timeDistribution.optional(),
  })
  // A server file that does not know them takes the time of the report they resemble.
  .transform((given) => ({
    ...given,
    home: given.home ?? given['sync-collection'],
    list: given.list ?? given['sync-collection'],
  }))
  .describe('time of one worker, by kind of request');

const cold = z
  .array(
    z
      .strictObject({
        idle: durationSchema({ min: 0.001 }).describe('how long there was none'),
        cost: durationSchema().describe('what the next one costs more'),
      })
      .transform(({ idle, cost }): ColdSpec => ({ idleMs: idle, costMs: cost })),
  )
  .min(1, 'expected at least one point')
  .refine(
    (points) => points.every(({ idleMs }, index) => idleMs > (points[index - 1]?.idleMs ?? 0)),
    'expected points in ascending order of idle time',
  );

const memory = z
  .strictObject({
    base: numberSchema(0).describe('bytes with nothing to do'),
    connection: numberSchema(0).describe('bytes for each client connection'),
    subscription: numberSchema(0).describe('bytes for each push subscription and its connection'),
  })
  .transform((given): MemorySpec => ({
    baseBytes: given.base,
    connectionBytes: given.connection,
    subscriptionBytes: given.subscription,
  }));

const accept = z
  .strictObject({
    queue: integerSchema(0).describe('requests that may wait for a worker; the next one is answered 503'),
    retryAfter: durationSchema().describe('what such an answer says in Retry-After'),
    refuse: durationSchema().default(0.1).describe('worker time of such an answer (an assumption)'),
    bytes: numberSchema(0).default(180).describe('size of such an answer (an assumption)'),
  })
  .transform((given): AcceptSpec => ({
    queue: given.queue,
    retryAfterMs: given.retryAfter,
    refuseMs: given.refuse,
    bytes: given.bytes,
  }));

const restarts = z
  .array(
    z
      .strictObject({
        at: durationSchema().describe('since the start of the run'),
        down: durationSchema({ min: 1 }).describe('how long nobody listens'),
      })
      .transform((given): RestartSpec => ({ atMs: given.at, downMs: given.down })),
  )
  .refine(
    (given) => given.every(({ atMs }, index) => atMs >= endOf(given[index - 1])),
    'expected restarts in order, each after the end of the one before',
  );

const endOf = (restart: RestartSpec | undefined): number =>
  restart === undefined ? 0 : restart.atMs + restart.downMs;

const pacing = z
  .strictObject({
    over: durationSchema({ min: 1 }).default(60_000).describe('the span that the load is measured over'),
    steps: z
      .array(
        z
          .strictObject({
            load: numberSchema(0).describe('from this load on; 1 is all that the workers can do'),
            interval: durationSchema({ min: 1 }).describe('announced to clients'),
          })
          .transform(({ load, interval }) => ({ load, intervalMs: interval })),
      )
      .min(1, 'expected at least one step')
      .refine(
        (steps) => steps.every(({ load }, index) => load > (steps[index - 1]?.load ?? -1)),
        'expected steps in ascending order of load',
      ),
    smooth: z.boolean().default(false).describe('between two steps the interval grows evenly with the load'),
  })
  .transform(({ over, ...given }): PacingSpec => ({ overMs: over, ...given }));

/** What a server does when it is too busy or away, apart from how long its work takes. */
const behaviour = {
  cold: cold.optional().describe('what a worker spends to begin again, by how long it had nothing to answer'),
  coldKept: numberSchema(0, 0.95)
    .optional()
    .describe('share of what a job paid for idle time that the next one pays again'),
  coldOfCheck: numberSchema(0, 10)
    .optional()
    .describe('share of what idle time costs that a look at a sync token pays; all by default'),
  besides: numberSchema(0, 10)
    .optional()
    .describe('processor time of other threads for each of a worker; it counts as work and delays nobody'),
  pushBesides: numberSchema(0, 10)
    .optional()
    .describe('the same for work on push messages; as much as for the rest by default'),
  pushThreads: z
    .strictObject({ from: integerSchema(1, 100_000), besides: numberSchema(0, 10) })
    .optional()
    .describe(
      'the same for bursts of at least so many messages at once, which take all threads together no longer',
    ),
  pushWaits: numberSchema(0, 10)
    .optional()
    .describe(
      'for each ms that other threads take for push messages, how long a worker waits for a processor; it is no work',
    ),
  majorGc: z
    .strictObject({ every: durationSchema({ min: 1 }), pause: durationSchema({ max: 60_000 }) })
    .transform(({ every, pause }) => ({ everyMs: every, pauseMs: pause }))
    .optional()
    .describe(
      'after so much work a worker stands still for so long, as threads that collect its heap have the processors',
    ),
  upkeep: durationSchema({ max: 1000 })
    .optional()
    .describe('processor time each second whether or not there is anything to do; it delays nobody'),
  connect: durationSchema().optional().describe('worker time of a TLS handshake'),
  newsCold: cold
    .optional()
    .describe(
      'worker time beyond that of a write or fetch of objects, by how long ago the last of its kind came',
    ),
  pushCold: cold
    .optional()
    .describe('worker time beyond that of a message, by how long ago the one before was sent'),
  memory: memory.optional().describe('for plans; runs do not need it'),
  accept: accept.optional().describe('how many requests may wait; any number by default'),
  restarts: restarts.optional().describe('when the server is away; it loses its connections then'),
  pacing: pacing.optional().describe('the interval between contacts that it announces, by load'),
  pushConnections: z
    .strictObject({ reconnect: timeDistribution.describe('worker time to take one') })
    .transform(({ reconnect }) => ({ reconnectMs: reconnect }))
    .optional()
    .describe('push connections end at this server and break with it'),
};

const fields = {
  workers: integerSchema(1),
  service,
  push: timeDistribution.describe('worker time to encrypt and send one message'),
  ...behaviour,
};

type Fields = z.output<z.ZodObject<typeof fields>>;

/** What a scenario changes about a server that it names. */
export type ServerChanges = Partial<Omit<ServerSpec, 'name'>>;

function changesOf(given: { readonly [Key in keyof Fields]?: Fields[Key] | undefined }): ServerChanges {
  return {
    ...(given.workers !== undefined && { workers: given.workers }),
    ...(given.service && { serviceMs: given.service }),
    ...(given.push && { pushMs: given.push }),
    ...(given.cold && { cold: given.cold }),
    ...(given.coldKept !== undefined && { coldKept: given.coldKept }),
    ...(given.coldOfCheck !== undefined && { coldOfCheck: given.coldOfCheck }),
    ...(given.besides !== undefined && { besides: given.besides }),
    ...(given.pushBesides !== undefined && { pushBesides: given.pushBesides }),
    ...(given.pushThreads && { pushThreads: given.pushThreads }),
    ...(given.pushWaits !== undefined && { pushWaits: given.pushWaits }),
    ...(given.majorGc && { majorGc: given.majorGc }),
    ...(given.upkeep !== undefined && { upkeepMs: given.upkeep }),
    ...(given.connect !== undefined && { connectMs: given.connect }),
    ...(given.newsCold && { newsCold: given.newsCold }),
    ...(given.pushCold && { pushCold: given.pushCold }),
    ...(given.memory && { memory: given.memory }),
    ...(given.accept && { accept: given.accept }),
    ...(given.restarts && { restarts: given.restarts }),
    ...(given.pacing && { pacing: given.pacing }),
    ...(given.pushConnections && { pushConnections: given.pushConnections }),
  };
}

/** A server in a file of its own, `sources` saying where its numbers come from. */
export const serverFileSchema = (name: z.ZodString, sources: z.ZodType) =>
  z.strictObject({ name, sources, ...fields }).transform(({ name, ...given }): ServerSpec => ({
    ...changesOf(given),
    name,
    workers: given.workers,
    serviceMs: given.service,
    pushMs: given.push,
  }));

/** A server as a scenario writes it: some named one with changes, or all its fields. */
export const serverChangesSchema = z
  .strictObject({
    like: z.string().min(1).optional().describe('the server that what is not written here is taken from'),
    name: z.string().min(1).optional().describe('the name that reports show'),
    workers: fields.workers.optional(),
    service: service.optional(),
    push: fields.push.optional(),
    ...behaviour,
  })
  .superRefine((given, context) => {
    if (given.like !== undefined) return;
    for (const key of ['name', 'workers', 'service', 'push'] as const) {
      if (given[key] === undefined) {
        const message = `expected ${key}, or the name of a server to take it from, as \`like: davpulse\``;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }
  })
  .transform(({ like, name, ...given }) => ({ like, name, changes: changesOf(given) }));

/** What a client does about a request that failed. */
export const retriesSchema = z
  .strictObject({
    most: integerSchema(0, 1000).describe(
      'tries in one contact after the first; writes go on until they are through',
    ),
    first: durationSchema().default(2000).describe('wait before the first of them'),
    factor: numberSchema(1).default(2).describe('each wait is this many times the one before'),
    max: durationSchema().default(300_000).describe('longest wait'),
    jitter: numberSchema(0).default(0).describe('each wait is put off at random by up to this share of it'),
    obeysRetryAfter: z.boolean().default(false).describe('waits at least as long as the server asks for'),
  })
  .transform((given): RetrySpec => ({
    most: given.most,
    firstMs: given.first,
    factor: given.factor,
    maxMs: given.max,
    jitter: given.jitter,
    obeysRetryAfter: given.obeysRetryAfter,
  }));
