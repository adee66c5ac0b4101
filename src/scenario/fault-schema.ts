import { z } from 'zod';
import type { FaultRule } from '../push/index.ts';
import { durationSchema } from './duration.ts';
import { integerSchema, numberSchema, timeDistribution } from './values.ts';

/** Which messages a fault strikes. */
const scope = {
  share: numberSchema(0, 1).optional().describe('probability for each message'),
  from: durationSchema().optional().describe('since the counted time began'),
  to: durationSchema().optional(),
  fromMessage: integerSchema(0).optional().describe("place among a subscription's messages, from 0"),
  toMessage: integerSchema(0).optional().describe('the first message that is spared again'),
};

const scopeOf = <Given extends { from?: number | undefined; to?: number | undefined }>({
  from,
  to,
  ...given
}: Given) => ({
  ...given,
  ...(from === undefined ? {} : { fromMs: from }),
  ...(to === undefined ? {} : { toMs: to }),
});

/** A fault of the bundled push service in a live run, at a time of the counted duration. */
export const faultSchema = z
  .discriminatedUnion(
    'fault',
    [
      z.strictObject({ fault: z.literal('drop'), ...scope }),
      z.strictObject({ fault: z.literal('delay'), delay: timeDistribution, ...scope }),
      z.strictObject({ fault: z.literal('duplicate'), copies: integerSchema(2, 100).default(2), ...scope }),
      z.strictObject({ fault: z.literal('reorder'), hold: durationSchema(), ...scope }),
      z.strictObject({
        fault: z.literal('status'),
        status: integerSchema(400, 599),
        retryAfter: durationSchema().optional(),
        ...scope,
      }),
      z.strictObject({ fault: z.literal('slow-accept'), time: durationSchema(), ...scope }),
      z.strictObject({ fault: z.literal('hang'), ...scope }),
      z.strictObject({ fault: z.literal('outage'), from: scope.from, to: scope.to }),
      z.strictObject({ fault: z.literal('cut'), ...scope }),
      z.strictObject({ fault: z.literal('wrong-ttl'), ttl: durationSchema(), ...scope }),
    ],
    {
      error:
        'expected a fault: drop, delay, duplicate, reorder, status, slow-accept, hang, outage, cut or wrong-ttl',
    },
  )
  .transform((given): FaultRule => {
    switch (given.fault) {
      case 'delay': {
        const { delay, ...rest } = given;
        return { ...scopeOf(rest), delayMs: delay };
      }
      case 'reorder': {
        const { hold, ...rest } = given;
        return { ...scopeOf(rest), holdMs: hold };
      }
      case 'status': {
        const { retryAfter, ...rest } = given;
        return {
          ...scopeOf(rest),
          ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter / 1000 }),
        };
      }
      case 'slow-accept': {
        const { time, ...rest } = given;
        return { ...scopeOf(rest), ms: time };
      }
      case 'wrong-ttl': {
        const { ttl, ...rest } = given;
        return { ...scopeOf(rest), ttlSeconds: ttl / 1000 };
      }
      default:
        return scopeOf(given);
    }
  });
