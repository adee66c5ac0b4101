import { z } from 'zod';
import type { ChangeProcess } from '../../sim/index.ts';
import { durationSchema } from './duration.ts';
import {
  gapDistribution,
  integerSchema,
  numberSchema,
  sizeDistribution,
  timeDistribution,
} from './values.ts';

const perDay = (what: string) => numberSchema(0).describe(`mean ${what} a day, per collection`);
const weights = (count: number, what: string) =>
  z
    .array(numberSchema(0))
    .length(count, `expected ${count} weights`)
    .refine((list) => list.some((weight) => weight > 0), 'expected at least one weight above 0')
    .optional()
    .describe(what);

const profile = {
  hours: weights(24, 'relative rate by hour of the day, 24 weights'),
  days: weights(7, 'relative rate by day of the week from Monday, 7 weights'),
};

const profileOf = (given: { hours?: number[] | undefined; days?: number[] | undefined }) => ({
  ...(given.hours && { hours: given.hours }),
  ...(given.days && { days: given.days }),
});

/** A recording that stands in a file of its own. */
export interface TraceFile {
  readonly kind: 'trace-file';
  readonly file: string;
}

/** How changes of a collection are spread over time. */
export const changeProcess = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('poisson'), perDay: perDay('changes') }),
    z.strictObject({ kind: z.literal('daily'), perDay: perDay('changes'), ...profile }),
    z.strictObject({
      kind: z.literal('sessions'),
      perDay: perDay('sessions'),
      changes: numberSchema(1).describe('mean changes in a session'),
      gap: timeDistribution.describe('between two changes of a session'),
      ...profile,
    }),
    z.strictObject({ kind: z.literal('renewal'), gap: gapDistribution.describe('between two changes') }),
    z.strictObject({
      kind: z.literal('bursts'),
      perDay: perDay('bursts'),
      size: sizeDistribution.describe('changes in a burst'),
      gap: timeDistribution.describe('between two changes of a burst'),
      ...profile,
    }),
    z.strictObject({
      kind: z.literal('clock'),
      perDay: perDay('changes'),
      every: durationSchema({ min: 1 }).describe('changes come at multiples of this'),
      late: timeDistribution.describe('and are late by this'),
      ...profile,
    }),
    z.strictObject({
      kind: z.literal('invitations'),
      perDay: perDay('invitations'),
      attendees: sizeDistribution.describe('people in an event, its organiser among them'),
      answer: timeDistribution.describe('from the invitation to the answer of an attendee'),
      refresh: durationSchema().describe('from an answer to the refresh that shows it to the others'),
      ...profile,
    }),
    z.strictObject({
      kind: z.literal('scheduling'),
      perDay: perDay('events with attendees, as organiser'),
      attendees: sizeDistribution.describe('people in an event, its organiser among them'),
      answer: timeDistribution.describe('from the invitation to the answer of an attendee'),
      deliver: durationSchema()
        .default(5000)
        .describe('from the invitation to its delivery; 5 s in CalendarServer'),
      reply: durationSchema().default(1000).describe('from an answer to its arrival; 1 s in CalendarServer'),
      waveSize: integerSchema(1)
        .default(5)
        .describe('attendees who are shown an answer at a time; 5 in CalendarServer'),
      wave: durationSchema().default(5000).describe('from one such wave to the next; 5 s in CalendarServer'),
      mostRefreshed: integerSchema(0)
        .default(50)
        .describe('answers to larger events are shown to nobody else; 50 in CalendarServer'),
      ...profile,
    }),
    z
      .strictObject({
        kind: z.literal('trace'),
        at: z
          .array(z.array(durationSchema()))
          .min(1, 'expected the instants of at least one collection')
          .optional()
          .describe('instants since the start of the run, a list for each collection of the group'),
        file: z
          .string()
          .min(1)
          .optional()
          .describe('a CSV file with the columns time, collection and size, beside the scenario'),
      })
      .refine(
        ({ at, file }) => (at === undefined) !== (file === undefined),
        'expected at, a list of instants for each collection, or file, a CSV file',
      ),
  ])
  .transform((given): ChangeProcess | TraceFile => {
    switch (given.kind) {
      case 'daily':
        return { kind: given.kind, perDay: given.perDay, ...profileOf(given) };
      case 'sessions':
        return {
          kind: given.kind,
          perDay: given.perDay,
          changes: given.changes,
          gapMs: given.gap,
          ...profileOf(given),
        };
      case 'renewal':
        return { kind: given.kind, gapMs: given.gap };
      case 'bursts':
        return {
          kind: given.kind,
          perDay: given.perDay,
          size: given.size,
          gapMs: given.gap,
          ...profileOf(given),
        };
      case 'clock':
        return {
          kind: given.kind,
          perDay: given.perDay,
          everyMs: given.every,
          lateMs: given.late,
          ...profileOf(given),
        };
      case 'invitations':
        return {
          kind: given.kind,
          perDay: given.perDay,
          attendees: given.attendees,
          answerMs: given.answer,
          refreshMs: given.refresh,
          ...profileOf(given),
        };
      case 'scheduling':
        return {
          kind: given.kind,
          perDay: given.perDay,
          attendees: given.attendees,
          answerMs: given.answer,
          deliverMs: given.deliver,
          replyMs: given.reply,
          waveSize: given.waveSize,
          waveMs: given.wave,
          mostRefreshed: given.mostRefreshed,
          ...profileOf(given),
        };
      case 'trace':
        return given.file === undefined
          ? { kind: given.kind, atMs: given.at ?? [] }
          : { kind: 'trace-file', file: given.file };
      default:
        return given;
    }
  });
