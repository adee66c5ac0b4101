import { z } from 'zod';

export const nonEmpty = z.string({ error: 'expected a name' }).min(1, 'expected a name that is not empty');

/** A name of a file in `scenarios/data/FOLDER`, such a file with some fields changed, or all fields written out. */
export const named = <Schema extends z.ZodType>(schema: Schema, folder: string) =>
  z.union(
    [
      nonEmpty.describe(`a file of scenarios/data/${folder}, without .yaml, or a path to one`),
      z
        .looseObject({ like: nonEmpty })
        .describe(`a file of scenarios/data/${folder}, with the fields that are written beside`),
      schema,
    ],
    {
      error: `expected the name of a file in scenarios/data/${folder}, { like: NAME, … } or its fields written out`,
    },
  );
