import { existsSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { DataKind } from './data-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { shipped } from '../shipped/index.ts';
import { SourceDocument, type Path } from './source-document.ts';

/** Names of the data files of one kind that ship with davpulse. */
export const dataNames = (kind: DataKind): string[] =>
  readdirSync(shipped('data', kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** Where a name stands, and how to complain about it there, or about a field below it. */
export interface NameContext {
  readonly file: string;
  error(message: string, below?: Path): Error;
}

/** A named file, with some of its fields written anew. */
export interface Like {
  readonly like: string;
  readonly [field: string]: unknown;
}

/**
 * What a scenario names in place of fields: a file that ships with davpulse or, when the name ends in .yaml, a
 * path relative to the scenario. With `like` it is that file with what is written beside; fields that are written
 * out come back as they are.
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID for an unknown name, an invalid file or an invalid field
 */
export function resolveNamed<Data extends object>(
  kind: DataKind,
  schema: z.ZodType<Data>,
  given: string | Like | NoInfer<Data>,
  context: NameContext,
): Data {
  if (typeof given === 'string') return read(kind, given, context).validate(schema);
  if (!isLike(given)) return given;
  const { like, ...fields } = given;
  const value = overlay(read(kind, like, context).value(), fields);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues.flatMap((each) => describeIssue(each, value, schema));
  throw context.error(issue?.message ?? 'expected fields of such a file', issue?.path ?? []);
}

const isLike = (given: object): given is Like => 'like' in given;

function read(kind: DataKind, name: string, context: NameContext): SourceDocument {
  const file = name.endsWith('.yaml')
    ? resolve(dirname(context.file), name)
    : shipped('data', kind, `${name}.yaml`);
  if (existsSync(file)) return SourceDocument.read(file);
  throw context.error(
    `expected one of ${dataNames(kind).join(', ')}, or a path to a .yaml file; got "${name}"`,
  );
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields over fields; what says its kind anew, such as a distribution, is replaced as a whole. */
function overlay(base: unknown, fields: unknown): unknown {
  if (!isMapping(base) || !isMapping(fields) || 'kind' in fields) return fields;
  const merged = { ...base };
  for (const [key, value] of Object.entries(fields)) merged[key] = overlay(base[key], value);
  return merged;
}
