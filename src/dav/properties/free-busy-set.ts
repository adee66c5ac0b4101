import { children, escapeXml, ns, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { pathIn, pathSegments } from '../http/request-target.ts';
import { componentsOf } from '../objects/supported-components.ts';
import type { Node } from '../store/node.ts';
import { locate, memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { propertyKey, type LiveProperty, type View } from './property.ts';

const transparency = 'schedule-calendar-transp';

/** Whether what is in a calendar makes its owner busy (RFC 6638 section 9.1). */
export const isOpaque = (calendar: Resource, view: View): boolean =>
  !(view.stored(calendar).get(propertyKey(ns.caldav, transparency)) ?? '').includes('transparent');

/** Whether there can be anything in a calendar that makes busy, which tasks do not. */
const hasEvents = ({ node }: Resource, { context }: View): boolean =>
  ['VEVENT', 'VFREEBUSY', 'VAVAILABILITY'].some((component) =>
    componentsOf(context, node).includes(component),
  );

/** The calendars of the owner of an inbox. */
export const ownCalendars = (inbox: Resource, { context: { store } }: View): Resource[] => {
  const home = inbox.parent;
  if (home === undefined) return [];
  return store.nodes
    .members(home.content.id)
    .filter(({ kind, target }) => kind === 'calendar' && target === null)
    .map((node) => memberResource(store, home.content.owner, home, node));
};

/** The calendar nodes that a value names; undefined when it names anything else. */
function named(value: XmlElement, inbox: Resource, view: View): Set<number> | undefined {
  const own = new Set(ownCalendars(inbox, view).map(({ node }) => node.id));
  const nodes: (Node | undefined)[] = children(value, ns.dav, 'href').map(({ text }) => {
    try {
      return locate(view.context.store, view.user, pathSegments(pathIn(text.trim()))).resource?.node;
    } catch {
      return undefined;
    }
  });
  const known = nodes.filter((node) => node !== undefined && own.has(node.id));
  return known.length === nodes.length ? new Set(known.map((node) => node?.id ?? 0)) : undefined;
}

/**
 * `calendar-free-busy-set` of the drafts of RFC 6638, which some clients still ask for: the calendars that make busy. The
 * same is told by `schedule-calendar-transp` of each calendar, and setting one sets the other.
 */
export const freeBusySet: LiveProperty = {
  ns: ns.caldav,
  name: 'calendar-free-busy-set',
  read: (resource, view) => {
    // Apple's Calendar sets it on the calendars that it makes.
    if (resource.content.kind !== 'inbox') return undefined;
    return ownCalendars(resource, view)
      .filter((calendar) => isOpaque(calendar, view) && hasEvents(calendar, view))
      .map(({ path }) => `<D:href>${escapeXml(path)}</D:href>`)
      .join('');
  },
  write: (value, resource, view) => {
    const { kind } = resource.content;
    if (kind === 'calendar' || (kind === 'inbox' && named(value, resource, view) !== undefined))
      return undefined;
    return new Refusal(403, 'not calendars of this user');
  },
  apply: (value, resource, view) => {
    const busy = value === undefined ? undefined : named(value, resource, view);
    for (const { node } of resource.content.kind === 'inbox' ? ownCalendars(resource, view) : []) {
      const { properties } = view.context.store;
      if (busy === undefined || busy.has(node.id)) properties.remove(node.id, ns.caldav, transparency);
      else {
        const inner = `<transparent xmlns="${ns.caldav}"/>`;
        const element = `<${transparency} xmlns="${ns.caldav}">${inner}</${transparency}>`;
        properties.set(node.id, ns.caldav, transparency, element);
      }
    }
  },
};
