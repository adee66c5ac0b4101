import { child, children, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { Resource } from '../tree/resource.ts';
import { element } from './element-name.ts';
import { propertyKey, type LiveProperty, type View } from './property.ts';
import { liveProperties, liveProperty } from './registry.ts';

/** A property asked for, found once for all resources of the answer. */
export interface Wanted {
  readonly ns: string;
  readonly name: string;
  /** The whole element with its value; undefined where the resource has no such property. */
  readonly read: (resource: Resource, view: View) => string | undefined;
}

/** Which properties a request wants. */
export type Selection =
  | { readonly kind: 'prop'; readonly wanted: readonly Wanted[] }
  | { readonly kind: 'propname' }
  | { readonly kind: 'allprop'; readonly include: readonly Wanted[] };

const wantLive = ({ ns, name, read, told }: LiveProperty): Wanted => ({
  ns,
  name,
  read: (resource, view) => {
    const whole = told?.(resource, view);
    if (whole !== undefined) return whole;
    const inner = read(resource, view);
    return inner === undefined ? undefined : element(ns, name, inner);
  },
});

const wantDead = (ns: string, name: string): Wanted => {
  const key = propertyKey(ns, name);
  return { ns, name, read: (resource, view) => view.stored(resource).get(key) };
};

/** `special` serves properties that exist in one report only, such as `calendar-data`. */
export function wantedProperties(
  prop: XmlElement,
  special: (element: XmlElement) => Wanted | undefined = () => undefined,
): Wanted[] {
  return prop.children.map((asked) => {
    const live = liveProperty(asked.ns, asked.name);
    return special(asked) ?? (live === undefined ? wantDead(asked.ns, asked.name) : wantLive(live));
  });
}

/** The selection in a PROPFIND or report; without any, `allprop` (RFC 4918 section 9.1). @throws Refusal 400 */
export function readSelection(
  root: XmlElement,
  special?: (element: XmlElement) => Wanted | undefined,
): Selection {
  const [prop, another] = children(root, ns.dav, 'prop');
  if (another !== undefined) throw new Refusal(400, 'a request asks with one prop');
  if (prop !== undefined) return { kind: 'prop', wanted: wantedProperties(prop, special) };
  if (child(root, ns.dav, 'propname') !== undefined) return { kind: 'propname' };
  const include = child(root, ns.dav, 'include');
  return { kind: 'allprop', include: include === undefined ? [] : wantedProperties(include, special) };
}

const allprop = liveProperties.filter(({ inAllprop }) => inAllprop === true).map(wantLive);

/** Every property that `allprop` answers for this resource: those of RFC 4918, the dead ones, and the included. */
export function allOf(resource: Resource, view: View, include: readonly Wanted[]): string[] {
  const found = new Map<string, string>();
  for (const { ns: uri, name, read } of [...allprop, ...include]) {
    const value = read(resource, view);
    if (value !== undefined) found.set(propertyKey(uri, name), value);
  }
  for (const [key, value] of view.stored(resource)) if (!found.has(key)) found.set(key, value);
  return [...found.values()];
}

/** The names of all properties that this resource has. */
export function namesOf(resource: Resource, view: View): string[] {
  const names = new Map<string, string>();
  for (const { ns: uri, name, read } of liveProperties) {
    if (read(resource, view) !== undefined) names.set(propertyKey(uri, name), element(uri, name));
  }
  for (const key of view.stored(resource).keys()) {
    const [, uri = '', name = ''] = /^\{(.*)\}(.*)$/s.exec(key) ?? [];
    names.set(key, element(uri, name));
  }
  return [...names.values()];
}
