import { z } from 'zod';
import type { PushServiceSpec, ThrottleSpec } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import { integerSchema, numberSchema, timeDistribution } from './values.ts';

const throttle = z
  .strictObject({
    burst: integerSchema(1).describe('messages to one device that pass at once'),
    refill: durationSchema({ min: 1 }).describe('one more passes after each of these'),
    over: z.enum(['delay', 'drop']).describe('what happens to a message beyond that'),
    topicsOnly: z.boolean().optional().describe('messages that do not replace others pass freely'),
  })
  .transform((given): ThrottleSpec => ({
    burst: given.burst,
    refillMs: given.refill,
    over: given.over,
    ...(given.topicsOnly !== undefined && { topicsOnly: given.topicsOnly }),
  }));

/** A push service, as a file of scenarios/data/push-services holds it. */
export const pushServiceFields = {
  delay: timeDistribution.describe('acceptance of a message to its arrival at a device that is awake'),
  loss: numberSchema(0, 1).default(0).describe('share of messages that vanish'),
  keepAlive: durationSchema().describe('interval of keep-alives on the device connection; "0 s" for none'),
  throttle: throttle.optional().describe('how many messages a device may get'),
  deviceLimit: throttle.optional().describe('a second such limit, on top'),
  mostStored: integerSchema(1)
    .optional()
    .describe('messages kept for a device out of reach, the newest; any number by default'),
  outages: z
    .array(
      z.strictObject({
        from: durationSchema(),
        to: durationSchema({ min: 1 }),
        lost: z.boolean().default(false).describe('messages vanish; otherwise the server tries again'),
      }),
    )
    .optional()
    .describe('when the push service is down, since the start of the run'),
};

type Given = z.output<z.ZodObject<typeof pushServiceFields & { readonly name: z.ZodString }>>;

export const pushServiceOf = (given: Given): PushServiceSpec => ({
  name: given.name,
  delayMs: given.delay,
  loss: given.loss,
  keepAliveMs: given.keepAlive,
  ...(given.throttle && { throttle: given.throttle }),
  ...(given.deviceLimit && { deviceLimit: given.deviceLimit }),
  ...(given.mostStored !== undefined && { mostStored: given.mostStored }),
  ...(given.outages && {
    outages: given.outages.map(({ from, to, lost }) => ({ fromMs: from, toMs: to, lost })),
  }),
});
