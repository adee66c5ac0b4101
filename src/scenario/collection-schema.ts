import { z } from 'zod';
import { changeProcess } from './change-schema.ts';
import { importanceSchema } from './importance-schema.ts';
import { nonEmpty } from './named.ts';
import { integerSchema, numberSchema, sizeDistribution } from './values.ts';

const writes = z
  .strictObject({
    edit: numberSchema(0).default(0),
    create: numberSchema(0).default(0),
    delete: numberSchema(0).default(0),
    move: numberSchema(0).default(0).describe('to another collection of the group that the user sees'),
  })
  .refine(
    (weights) => Object.values(weights).some((weight) => weight > 0),
    'expected at least one weight above 0',
  );

export const collectionGroup = z.strictObject({
  name: nonEmpty.describe('the name that reports show'),
  kind: z.enum(['calendar', 'addressbook', 'tasks']).default('calendar'),
  members: z
    .union([integerSchema(1), z.literal('all')], {
      error: 'expected a whole number of at least 1, or all',
    })
    .describe('users who share one such collection; all for the whole organisation'),
  perUser: integerSchema(1).default(1).describe('how many of them each user is in'),
  objects: integerSchema(0).default(0).describe('objects in each before the run starts'),
  changes: changeProcess,
  writes: writes.optional().describe('what changes do, as relative weights; edits only by default'),
  objectBytes: sizeDistribution.default({ kind: 'constant', value: 1102 }).describe('size of an object'),
  importance: importanceSchema.default({ high: 0, normal: 1, low: 0 }),
  writer: z.enum(['device', 'external']).default('device').describe('who makes the changes'),
});
