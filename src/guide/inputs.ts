import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RunSpec } from '../../sim/index.ts';
import type { ResultFile } from '../results/index.ts';

/** A number that went into a study, where it is from, and how sure that is. */
export interface Input {
  /** The data file's name for itself, such as `LTE (ARO)`. */
  readonly item: string;
  readonly field: string;
  readonly source: string;
  readonly confidence: string;
}

const dataFile = z.looseObject({
  name: z.string(),
  sources: z.record(z.string(), z.looseObject({ source: z.string(), confidence: z.string() })).optional(),
});

/** Names of everything in a run that was taken from a data file. */
const namesIn = (spec: RunSpec): string[] => [
  ...spec.deviceGroups.flatMap(({ radio, link, client }) => [radio.name, link.name, client.name]),
  spec.pushService.name,
  spec.wire.name,
  spec.server.name,
];

/** The sources of all data that the runs of a result used, from the data files in `folder`. */
export function inputsOf(result: ResultFile, folder: string): Input[] {
  const used = new Set(result.runs.flatMap(({ spec }) => namesIn(spec)));
  return globSync('*/*.yaml', { cwd: folder })
    .toSorted()
    .flatMap((path) => {
      const parsed = dataFile.safeParse(parse(readFileSync(join(folder, path), 'utf8')));
      if (!parsed.success || !used.has(parsed.data.name)) return [];
      const { name, sources = {} } = parsed.data;
      return Object.entries(sources).map(([field, { source, confidence }]) => ({
        item: name,
        field,
        source,
        confidence,
      }));
    });
}
