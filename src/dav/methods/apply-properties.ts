import { children, escapeXml, ns, writeXml, type XmlElement } from '../../xml/index.ts';
import { grantsSpace } from '../acl/grants.ts';
import { conditionXml } from '../http/answer.ts';
import { Refusal } from '../http/refusal.ts';
import { element } from '../properties/element-name.ts';
import { propstat } from '../properties/multistatus.ts';
import { propertyKey, type View } from '../properties/property.ts';
import { liveProperty } from '../properties/registry.ts';
import type { Resource } from '../tree/resource.ts';

/** One instruction of a PROPPATCH, MKCOL or MKCALENDAR. */
export interface PropertyChange {
  readonly action: 'set' | 'remove';
  readonly property: XmlElement;
}

const languageKey = '{http://www.w3.org/XML/1998/namespace}lang';

/** Instructions in document order, as RFC 4918 section 9.2 wants them executed. */
export function readChanges(root: XmlElement): PropertyChange[] {
  return root.children
    .filter((part) => part.ns === ns.dav && (part.name === 'set' || part.name === 'remove'))
    .flatMap((part) => {
      const action = part.name === 'set' ? ('set' as const) : ('remove' as const);
      return children(part, ns.dav, 'prop').flatMap((prop) =>
        prop.children.map((property) => ({ action, property: inLanguage(property, [prop, part, root]) })),
      );
    });
}

/** A property keeps the language that the elements around it say (RFC 4918 section 4.3). */
function inLanguage(property: XmlElement, around: readonly XmlElement[]): XmlElement {
  const language = around
    .map(({ attributes }) => attributes[languageKey])
    .find((found) => found !== undefined);
  if (language === undefined || property.attributes[languageKey] !== undefined) return property;
  return { ...property, attributes: { ...property.attributes, [languageKey]: language } };
}

export interface Applied {
  readonly failed: boolean;
  /** `D:propstat` elements that tell the outcome of each instruction. */
  readonly propstats: string;
}

const protectedProperty = (name: string): Refusal =>
  new Refusal(403, `${name} is protected`, { ns: ns.dav, name: 'cannot-modify-protected-property' });

function refusalOf(
  { action, property }: PropertyChange,
  resource: Resource,
  view: View,
  creating: boolean,
): Refusal | undefined {
  if (property.ns === grantsSpace) return protectedProperty(property.name);
  const live = liveProperty(property.ns, property.name);
  if (live === undefined) return undefined;
  if (creating && live.ns === ns.dav && live.name === 'resourcetype') return undefined;
  if (live.write === undefined) return protectedProperty(live.name);
  const fixed = live.name === 'supported-calendar-component-set' && !creating;
  if (fixed) return protectedProperty(live.name);
  return action === 'set' ? live.write(property, resource, view) : undefined;
}

/** Executes all instructions, or none when one is refused. Must run inside a transaction. */
export function applyProperties(
  resource: Resource,
  changes: readonly PropertyChange[],
  view: View,
  creating = false,
): Applied {
  const refusals = changes.map((change) => refusalOf(change, resource, view, creating));
  const failed = refusals.some((refusal) => refusal !== undefined);
  if (!failed) {
    const { properties } = view.context.store;
    const named = new Set(changes.map(({ property }) => propertyKey(property.ns, property.name)));
    for (const { action, property } of changes) {
      if (creating && property.ns === ns.dav && property.name === 'resourcetype') continue;
      const { twin, apply } = liveProperty(property.ns, property.name) ?? {};
      if (apply !== undefined) {
        apply(action === 'set' ? property : undefined, resource, view);
        continue;
      }
      // What is set last holds; what is removed beside its twin is that form of it alone.
      if (twin !== undefined && (action === 'set' || !named.has(propertyKey(property.ns, twin))))
        properties.remove(resource.node.id, property.ns, twin);
      if (action === 'remove') properties.remove(resource.node.id, property.ns, property.name);
      else properties.set(resource.node.id, property.ns, property.name, writeXml(property));
    }
  }
  return { failed, propstats: outcome(changes, refusals, failed) };
}

function outcome(
  changes: readonly PropertyChange[],
  refusals: readonly (Refusal | undefined)[],
  failed: boolean,
): string {
  const groups = new Map<string, { names: string; status: number; error: string; text: string }>();
  for (const [index, { property }] of changes.entries()) {
    const refusal = refusals[index];
    const status = refusal?.status ?? (failed ? 424 : 200);
    const error =
      refusal?.condition === undefined ? '' : `<D:error>${conditionXml(refusal.condition)}</D:error>`;
    const key = `${status} ${error}`;
    const group = groups.get(key) ?? { names: '', status, error, text: refusal?.message ?? '' };
    const name = element(property.ns, property.name);
    if (!group.names.includes(name)) group.names += name;
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ names, status, error, text }) =>
      propstat(
        names,
        status,
        error + (text === '' ? '' : `<D:responsedescription>${escapeXml(text)}</D:responsedescription>`),
      ),
    )
    .join('');
}
