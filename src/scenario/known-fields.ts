import { z } from 'zod';

type Path = readonly (string | number)[];

const below = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/**
 * Names of the fields that a schema takes in the mapping at `path` of `value`. Where the mapping may be one of several
 * kinds it is the one that its `kind` says; names that only other kinds have are left out.
 */
export function knownFields(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.options.flatMap((option) => knownFields(option, path, value)))];
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return knownFields(schema.unwrap(), path, value);
  }
  if (schema instanceof z.ZodPipe) return knownFields(schema.in, path, value);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject) return fieldsOf(schema, key, rest, value);
  if (key === undefined) return [];
  if (schema instanceof z.ZodArray) return knownFields(schema.element, rest, below(value, key));
  if (schema instanceof z.ZodRecord) return knownFields(schema.valueType, rest, below(value, key));
  return [];
}

function fieldsOf(
  { shape }: z.ZodObject,
  key: string | number | undefined,
  rest: Path,
  value: unknown,
): string[] {
  const { kind } = shape;
  if (kind instanceof z.ZodLiteral && !kind.safeParse(below(value, 'kind')).success) return [];
  if (key === undefined) return Object.keys(shape);
  const field = shape[key];
  return field === undefined ? [] : knownFields(field, rest, below(value, key));
}

/** The name that was most likely meant by one that is not known; undefined when none is near. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant = plain(given);
  const [nearest] = known
    .map((name) => ({ name, far: distance(meant, plain(name)) }))
    .filter(({ name, far }) => far <= 2 && far * 2 < Math.min(meant.length, plain(name).length))
    .sort((a, b) => a.far - b.far);
  if (nearest !== undefined) return nearest.name;
  const containing = known.filter((name) => meant.length > 2 && plain(name).startsWith(meant));
  return containing.length === 1 ? containing[0] : undefined;
}

/** Letters to insert, delete or replace until two words are the same (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of a.split('').entries()) {
    const next = [index + 1];
    for (const [place, other] of b.split('').entries()) {
      const replaced = (row[place] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
