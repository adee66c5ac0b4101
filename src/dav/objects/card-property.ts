/** A property of a jCard (RFC 7095 section 3.3): name, parameters, type, values. */
export interface CardProperty {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly type: string;
  readonly values: readonly unknown[];
}

/** What makes a property of one version of vCard into those that say the same in another: none where nothing does. */
export type PropertyConversion = (property: CardProperty) => readonly CardProperty[];

/** Values of TYPE as they are written. */
export const typesOf = ({ parameters }: CardProperty): string[] => [parameters['type'] ?? []].flat();

/** The parameters without some of them. */
export const without = (
  parameters: CardProperty['parameters'],
  ...names: readonly string[]
): CardProperty['parameters'] =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.includes(name)));

/** The parameters with these values of TYPE, or with none. */
export const withTypes = (
  parameters: CardProperty['parameters'],
  types: readonly string[],
): CardProperty['parameters'] => ({
  ...without(parameters, 'type'),
  ...(types.length === 0 ? {} : { type: types }),
});

/** The first value as text. */
export const valueOf = ({ values: [value] }: CardProperty): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Where a date of version 3.0 has no year it has this one, and a parameter that says so. */
export const anyYear = '1604';
export const omittedYear = 'x-apple-omit-year';

/** Properties whose value is a picture, a sound or a key, with the media type that a format without one belongs to. */
export const media: Readonly<Record<string, string>> = {
  photo: 'image',
  logo: 'image',
  sound: 'audio',
  key: 'application',
};

/** Properties whose value has parts. */
export const structured: ReadonlySet<string> = new Set(['n', 'adr', 'org']);

/** One text where the other version knows no parts. */
export const flattened = (property: CardProperty): CardProperty =>
  structured.has(property.name)
    ? property
    : {
        ...property,
        values: property.values.map((value) => (Array.isArray(value) ? value.flat().join(';') : value)),
      };
