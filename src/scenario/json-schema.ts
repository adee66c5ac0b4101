import { z } from 'zod';
import { scenarioSchema, studySchema } from './scenario-schema.ts';

/** JSON Schema (draft 2020-12) of scenario and study files, for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const study = studySchema.extend({ scenarios: z.array(scenarioSchema).min(1) });
  return {
    title: 'davpulse scenario or study',
    ...z.toJSONSchema(z.union([scenarioSchema, study]), { io: 'input', reused: 'ref' }),
  };
}
