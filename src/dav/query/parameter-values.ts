import type ICAL from 'ical.js';

/** The values of a parameter; undefined where the property has none. ical.js keeps VALUE as the type of the property. */
export function parameterValues(property: ICAL.Property, name: string): readonly string[] | undefined {
  if (name === 'value')
    return property.type === property.getDefaultType() || property.type === 'unknown'
      ? undefined
      : [property.type.toUpperCase()];
  const value = property.getParameter(name);
  return value === undefined ? undefined : [value].flat();
}
