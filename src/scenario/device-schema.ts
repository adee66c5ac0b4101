import { z } from 'zod';
import { connectivitySchema } from './connectivity-schema.ts';
import { dataSchemas } from './data-schema.ts';
import { durationSchema } from './duration.ts';
import { named, nonEmpty } from './named.ts';
import { syncPolicySchema } from './policy-schema.ts';
import { retriesSchema } from './server-schema.ts';
import { dailyHours } from './usage-schema.ts';
import { gapDistribution, numberSchema, positive, timeDistribution } from './values.ts';

const roaming = z.strictObject({
  radio: named(dataSchemas.radios, 'radios'),
  link: named(dataSchemas.links, 'links'),
  hours: z
    .array(dailyHours)
    .min(1, 'expected at least one span of hours')
    .describe('when this network is used instead of the first'),
});

const otherTraffic = z
  .strictObject({
    gap: gapDistribution.describe('from the start of one transfer of other apps to that of the next'),
    length: timeDistribution.describe('how long the radio is active for one'),
    bytesUp: numberSchema(0).default(0),
    bytesDown: numberSchema(0).default(0),
    attribution: z
      .enum(['marginal', 'shapley'])
      .default('marginal')
      .describe('syncing is charged what it adds, or the mean of that and of what it would cost alone'),
  })
  .transform(({ gap, length, ...given }) => ({ gapMs: gap, lengthMs: length, ...given }));

export const deviceGroup = z
  .strictObject({
    name: nonEmpty.describe('the name that reports show'),
    class: z.enum(['phone', 'tablet', 'laptop', 'desktop']),
    perUser: positive.describe('devices of this group per user; 0.4 gives four users of ten one each'),
    radio: named(dataSchemas.radios, 'radios'),
    link: named(dataSchemas.links, 'links'),
    client: named(dataSchemas.clients, 'clients').default('plain'),
    timeout: durationSchema({ min: 1 })
      .optional()
      .describe("a request is given up after this, instead of the client's own timeout"),
    retries: retriesSchema
      .optional()
      .describe("what follows a failed request, instead of the client's own rules"),
    syncPolicy: syncPolicySchema.optional().describe("this group's own policy, instead of the scenario's"),
    usage: named(dataSchemas.usage, 'usage')
      .optional()
      .describe('what people do with the devices; nothing by default'),
    os: named(dataSchemas.os, 'os')
      .optional()
      .describe('what the operating system lets the client do in the background; everything by default'),
    batterySaver: named(dataSchemas['battery-savers'], 'battery-savers')
      .optional()
      .describe('what is forbidden while the battery is low; nothing by default'),
    bucket: nonEmpty.optional().describe("which of the operating system's buckets of apps the client is in"),
    starts: z
      .strictObject({ from: durationSchema().default(0), over: durationSchema().default(0) })
      .optional()
      .describe('devices begin to ask one after the other, from and over these times of the run'),
    connectivity: connectivitySchema.optional().describe('when the devices are reachable; always by default'),
    roaming: roaming.optional().describe('a second network, such as Wi-Fi at home'),
    otherTraffic: otherTraffic.optional().describe('what other apps transfer; nothing by default'),
    pushService: named(dataSchemas['push-services'], 'push-services')
      .optional()
      .describe("the push service of these devices instead of the scenario's; none for devices without"),
    keepAlive: durationSchema()
      .optional()
      .describe("interval of keep-alives on this group's push connections, instead of the push service's"),
    batteryWh: positive.optional().describe('usable battery; without it no battery share is reported'),
    batteryMah: positive.optional().describe('the same as a charge'),
    batteryVolts: positive.optional().describe('mean voltage of the battery; 3.85 V by default'),
  })
  .refine(({ batteryWh, batteryMah }) => batteryWh === undefined || batteryMah === undefined, {
    error: 'expected batteryWh or batteryMah, not both',
    path: ['batteryMah'],
  });
