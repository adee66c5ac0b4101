/**
 * A policy's parameter, described as data: scenario schemas, editor help and documentation are made from it.
 * The key that holds it carries the unit (`intervalMs`); scenario files drop a trailing `Ms` and take durations.
 */
export interface Parameter {
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly integer?: boolean;
  /** Taken when a scenario leaves the parameter out; without it the parameter is required. */
  readonly default?: number;
  /** Specs may leave it out too, and get the default: what has been added since results were first kept. */
  readonly added?: true;
}

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValues<P extends Parameters> = { readonly [K in keyof P]: number };

type Added<P extends Parameters> = {
  [K in keyof P]: P[K] extends { readonly added: true } ? K : never;
}[keyof P];

/** One kind of policy: what it is called, what it takes, how it is made. */
export interface PolicyDefinition<Kind extends string, P extends Parameters, Policy> {
  readonly kind: Kind;
  readonly summary: string;
  readonly parameters: P;
  /** Pairs of parameters of which the first may not be greater than the second. */
  readonly ascending?: readonly (readonly [keyof P & string, keyof P & string])[];
  create(values: ParameterValues<P>): Policy;
}

/** Keeps the literal types of a definition, so that specs are checked parameter by parameter. */
export function definePolicy<const Kind extends string, const P extends Parameters, Policy>(
  definition: PolicyDefinition<Kind, P, Policy>,
): PolicyDefinition<Kind, P, Policy> {
  return definition;
}

/** The plain-data form of a policy: `kind` and a number for each parameter. */
export type SpecOf<D> =
  D extends PolicyDefinition<infer Kind, infer P, unknown>
    ? { readonly kind: Kind } & Omit<ParameterValues<P>, Added<P>> &
        Partial<Pick<ParameterValues<P>, Added<P>>>
    : never;
