import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { DataKind } from './data-schema.ts';
import { SourceDocument } from './source-document.ts';

const dataFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = ['../../scenarios/data', '../../../scenarios/data'].map((path) => resolve(here, path));
  return candidates.find((path) => existsSync(path)) ?? resolve('scenarios/data');
};

/** Names of the data files of one kind that ship with davpulse. */
export const dataNames = (kind: DataKind): string[] =>
  readdirSync(join(dataFolder(), kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** Where a name stands, and how to complain about it there. */
export interface NameContext {
  readonly file: string;
  error(message: string): Error;
}

/**
 * What a scenario names in place of fields: a file that ships with davpulse or, when the name ends in .yaml, a
 * path relative to the scenario. Fields that are written out come back as they are.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID for an unknown name or an invalid file
 */
export function resolveNamed<Data extends object>(
  kind: DataKind,
  schema: z.ZodType<Data>,
  given: string | Data,
  context: NameContext,
): Data {
  if (typeof given !== 'string') return given;
  const file = given.endsWith('.yaml')
    ? resolve(dirname(context.file), given)
    : join(dataFolder(), kind, `${given}.yaml`);
  if (!existsSync(file)) {
    throw context.error(
      `expected one of ${dataNames(kind).join(', ')}, or a path to a .yaml file; got "${given}"`,
    );
  }
  return SourceDocument.read(file).validate(schema);
}
