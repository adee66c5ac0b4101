import ICAL from 'ical.js';

/** A component that can be changed without changing the one it is made from. */
export const copyOf = (component: ICAL.Component): ICAL.Component =>
  new ICAL.Component(structuredClone(component.toJSON()));
