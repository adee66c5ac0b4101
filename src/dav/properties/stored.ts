import { Refusal } from '../http/refusal.ts';
import type { XmlElement } from '../../xml/index.ts';
import type { Resource } from '../tree/resource.ts';
import { grantsSpace } from '../acl/grants.ts';
import { propertyKey, type LiveProperty, type View } from './property.ts';

/** XML inside an element that is given as text. */
export function innerXml(element: string): string {
  if (element.endsWith('/>') && element.indexOf('>') === element.length - 1) return '';
  return element.slice(element.indexOf('>') + 1, element.lastIndexOf('<'));
}

/** Whether an element that is given as text says in which language it is. */
const hasLanguage = (element: string): boolean => /^[^>]* xml:lang=/.test(element);

interface StoredSpec {
  readonly ns: string;
  readonly name: string;
  readonly inAllprop?: true;
  readonly twin?: string;
  readonly on?: (resource: Resource) => boolean;
  readonly check?: (value: XmlElement, resource: Resource, view: View) => Refusal | undefined;
  readonly otherwise?: (resource: Resource, view: View) => string | undefined;
}

/** A live property whose value clients set and the store keeps. */
export function storedProperty({
  ns,
  name,
  inAllprop,
  twin,
  on,
  check,
  otherwise,
}: StoredSpec): LiveProperty {
  const key = propertyKey(ns, name);
  return {
    ns,
    name,
    ...(inAllprop === true ? { inAllprop } : {}),
    ...(twin === undefined ? {} : { twin }),
    read: (resource, view) => {
      const element = view.stored(resource).get(key);
      if (element !== undefined) return innerXml(element);
      return on === undefined || on(resource) ? otherwise?.(resource, view) : undefined;
    },
    told: (resource, view) => {
      const element = view.stored(resource).get(key);
      return element !== undefined && hasLanguage(element) ? element : undefined;
    },
    write: (value, resource, view) => {
      if (on !== undefined && !on(resource)) {
        return new Refusal(403, `${name} cannot be set here`, {
          ns: 'DAV:',
          name: 'cannot-modify-protected-property',
        });
      }
      return check?.(value, resource, view);
    },
  };
}

/** Stored properties of a node; those of a share's own node go before those of the collection it shows. */
export function createStoredReader(
  load: (node: number) => readonly { ns: string; name: string; value: string }[],
) {
  const known = new WeakMap<Resource, ReadonlyMap<string, string>>();
  return (resource: Resource): ReadonlyMap<string, string> => {
    const found = known.get(resource);
    if (found !== undefined) return found;
    const values = new Map<string, string>();
    const nodes = resource.node === resource.content ? [resource.node] : [resource.content, resource.node];
    for (const node of nodes) {
      if (node.properties === 0) continue;
      for (const { ns, name, value } of load(node.id))
        if (ns !== grantsSpace) values.set(propertyKey(ns, name), value);
    }
    known.set(resource, values);
    return values;
  };
}
