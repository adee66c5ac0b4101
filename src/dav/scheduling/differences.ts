import type ICAL from 'ical.js';
import { componentsByPlace, deriveInstance, type Place } from './occurrence.ts';

/** What clients write anew each time they store an event, or keep for themselves. */
const volatile = (name: string): boolean =>
  ['dtstamp', 'last-modified', 'created', 'sequence'].includes(name) || name.startsWith('x-');
const aboutDelivery = new Set(['rsvp', 'schedule-agent', 'schedule-status', 'schedule-force-send']);
/** What a property or parameter means where it is left out (RFC 5545 sections 3.2 and 3.8). */
const defaults: Readonly<Record<string, string>> = {
  transp: 'OPAQUE',
  class: 'PUBLIC',
  priority: '0',
  cutype: 'INDIVIDUAL',
  role: 'REQ-PARTICIPANT',
  partstat: 'NEEDS-ACTION',
};

/** What each property of a component says, in one order. */
function contentOf(component: ICAL.Component): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const property of component.getAllProperties()) {
    const { name } = property;
    if (volatile(name)) continue;
    const [, parameters]: [string, Record<string, unknown>, ...unknown[]] = property.toJSON();
    const sorted = Object.entries(parameters)
      .filter(([parameter, value]) => !aboutDelivery.has(parameter) && defaults[parameter] !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = found.get(name) ?? [];
    for (const value of property.getValues() as unknown[]) {
      // typed `any[]`
      if (defaults[name] !== String(value)) lines.push(JSON.stringify([sorted, String(value)]));
    }
    if (lines.length > 0) found.set(name, lines);
  }
  return new Map([...found].map(([name, lines]) => [name, lines.sort().join('\n')]));
}

/** Names of the properties that two components do not have alike. */
export function changedProperties(before: ICAL.Component, after: ICAL.Component): Set<string> {
  const [old, now] = [contentOf(before), contentOf(after)];
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}

/** How an instance, or the whole, of one version of an event differs from another version. */
export type Difference =
  | { readonly kind: 'changed'; readonly properties: ReadonlySet<string> }
  | { readonly kind: 'added' }
  | { readonly kind: 'removed' };

/**
 * Where two versions of an event tell their attendees different things. An instance that has a component of its own in
 * one version only is compared with what the series says of it in the other.
 */
export function differences(before: ICAL.Component, after: ICAL.Component): Map<Place, Difference> {
  const result = new Map<Place, Difference>();
  const [old, now] = [componentsByPlace(before), componentsByPlace(after)];
  for (const place of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(place) ?? (place === undefined ? undefined : deriveInstance(before, place));
    const is = now.get(place) ?? (place === undefined ? undefined : deriveInstance(after, place));
    if (was === undefined && is === undefined) continue;
    if (was === undefined) result.set(place, { kind: 'added' });
    else if (is === undefined) result.set(place, { kind: 'removed' });
    else {
      const properties = changedProperties(was, is);
      if (properties.size > 0) result.set(place, { kind: 'changed', properties });
    }
  }
  return result;
}
