import { z } from 'zod';
import {
  pushPolicies,
  syncPolicies,
  type Parameter,
  type Parameters,
  type PushPolicySpec,
  type SyncPolicySpec,
} from '../../sim/index.ts';
import { durationSchema } from './duration.ts';

interface Definition {
  readonly kind: string;
  readonly summary: string;
  readonly parameters: Parameters;
  readonly ascending?: readonly (readonly [string, string])[];
}

type Spec = { readonly kind: string } & Readonly<Record<string, number | string>>;

/** How a parameter is written in a file: times are durations, so the unit leaves the key. */
function fieldOf(
  name: string,
  parameter: Parameter,
): { readonly key: string; readonly schema: z.ZodType<number> } {
  const { min, max } = parameter;
  if (name.endsWith('Ms')) return { key: name.slice(0, -2), schema: durationSchema({ min, max }) };
  if (name.endsWith('Seconds')) {
    const range = { min: min * 1000, max: max * 1000 };
    return { key: name.slice(0, -7), schema: durationSchema(range).transform((ms) => ms / 1000) };
  }
  return { key: name, schema: numberSchema(parameter) };
}

function numberSchema({ min, max, integer }: Parameter): z.ZodType<number> {
  const expected = `expected a ${integer === true ? 'whole ' : ''}number from ${min} to ${max}`;
  const number = integer === true ? z.int({ error: expected }) : z.number({ error: expected });
  return number.min(min, expected).max(max, expected);
}

function definitionSchema({ kind, summary, parameters, ascending = [] }: Definition) {
  const fields = Object.entries(parameters).map(([name, parameter]) => ({
    name,
    parameter,
    ...fieldOf(name, parameter),
  }));
  const shape: Record<string, z.ZodType<number | undefined>> = {};
  for (const { key, schema, parameter } of fields) {
    shape[key] = (parameter.default === undefined ? schema : schema.optional()).describe(parameter.meaning);
  }
  return z
    .strictObject({ kind: z.literal(kind), ...shape })
    .describe(summary)
    .transform((parsed, context): Spec => {
      const given = new Map<string, unknown>(Object.entries(parsed));
      const spec: Record<string, number | string> = { kind };
      for (const { name, key, parameter } of fields) {
        const value = given.get(key) ?? (parameter.added === true ? undefined : parameter.default);
        if (typeof value === 'number') spec[name] = value;
      }
      const keyOf = (name: string) => fields.find((field) => field.name === name)?.key ?? name;
      for (const [low, high] of ascending) {
        if ((spec[low] ?? -Infinity) <= (spec[high] ?? Infinity)) continue;
        const message = `expected at most the ${keyOf(high)}`;
        context.issues.push({ code: 'custom', path: [keyOf(low)], message, input: parsed });
      }
      return { ...spec, kind };
    });
}

function registrySchema(definitions: readonly Definition[]) {
  const [first, ...rest] = definitions.map(definitionSchema);
  if (first === undefined) throw new RangeError('a registry without policies');
  const kinds = definitions.map(({ kind }) => `'${kind}'`).join(', ');
  return z.discriminatedUnion('kind', [first, ...rest], {
    error: `expected a policy whose kind is one of ${kinds}`,
  });
}

// The two casts: a parsed policy has exactly the parameters of its definition, and the spec types are computed
// from the same definitions (`SpecOf`); the compiler cannot follow names built at run time.

/** A sync policy of a scenario file, in its plain-data form once parsed. */
export const syncPolicySchema = registrySchema(syncPolicies).transform(
  (spec) => spec as unknown as SyncPolicySpec,
);

/** A push policy of a scenario file, in its plain-data form once parsed. */
export const pushPolicySchema = registrySchema(pushPolicies).transform(
  (spec) => spec as unknown as PushPolicySpec,
);
