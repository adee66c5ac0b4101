import { cumulativeStdNormalProbability } from 'simple-statistics';
import { z } from 'zod';
import type { Distribution, Importance } from '../../sim/index.ts';
import { normalQuantile } from '../results/index.ts';
import { durationSchema } from './duration.ts';
import { numberSchema, timeDistribution } from './values.ts';

/** Share of a random time that lies below `ms`. */
function shareBelow(distribution: Distribution, ms: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value < ms ? 1 : 0;
    case 'uniform': {
      const { min, max } = distribution;
      return max === min ? Number(min < ms) : Math.min(1, Math.max(0, (ms - min) / (max - min)));
    }
    case 'exponential':
      return 1 - Math.exp(-ms / distribution.mean);
    default: {
      const sigma = Math.log(distribution.p95 / distribution.median) / normalQuantile(0.95);
      if (ms <= 0) return 0;
      if (sigma === 0) return Number(distribution.median < ms);
      return cumulativeStdNormalProbability(Math.log(ms / distribution.median) / sigma);
    }
  }
}

const weights = z
  .strictObject({ high: numberSchema(0), normal: numberSchema(0), low: numberSchema(0) })
  .refine(({ high, normal, low }) => high + normal + low > 0, 'expected at least one weight above 0');

/** How soon the events are that changes are about decides how soon people care. */
const byLead = z
  .strictObject({
    lead: timeDistribution.describe('from a change to the start of its event'),
    highWithin: durationSchema().describe('changes of events that start sooner are of high importance'),
    normalWithin: durationSchema().describe('of those that start sooner, normal; of the others, low'),
  })
  .refine(
    ({ highWithin, normalWithin }) => normalWithin >= highWithin,
    'expected a normalWithin of at least highWithin',
  )
  .transform(({ lead, highWithin, normalWithin }): Record<Importance, number> => {
    const high = shareBelow(lead, highWithin);
    const atLeastNormal = shareBelow(lead, normalWithin);
    return { high, normal: atLeastNormal - high, low: 1 - atLeastNormal };
  });

/** How important changes are: by weights, or by how soon their events are. */
export const importanceSchema = z
  .union([weights, byLead], {
    error: 'expected weights { high, normal, low }, or { lead, highWithin, normalWithin }',
  })
  .describe('relative weights, or how far ahead the events are that changes are about');
