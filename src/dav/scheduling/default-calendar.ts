import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { encodePath, pathIn, pathSegments } from '../http/request-target.ts';
import { componentsOf } from '../objects/supported-components.ts';
import { innerXml } from '../properties/stored.ts';
import { happenings } from '../recurrence/instances.ts';
import type { Node } from '../store/node.ts';
import { locate } from '../tree/locate.ts';
import { homeOf } from './mailbox.ts';
import { escapeXml, ns } from '../../xml/index.ts';

const name = 'schedule-default-calendar-URL';

const ownCalendars = ({ store }: Pick<DavContext, 'store'>, home: Node): Node[] =>
  store.nodes.members(home.id).filter(({ kind, target }) => kind === 'calendar' && target === null);

/** Where invitations of a user go: tasks to a list of tasks, all else to the default calendar. */
export function calendarFor(context: DavContext, user: string, content: ICAL.Component): Node | undefined {
  const home = homeOf(context, user);
  if (home === undefined) return undefined;
  const isTask = happenings(content)[0]?.name === 'vtodo';
  const list = (isTask ? ownCalendars(context, home) : []).find((node) => {
    const components = componentsOf(context, node);
    return components.includes('VTODO') && !components.includes('VEVENT');
  });
  return list ?? defaultCalendar(context, user);
}

/**
 * The default calendar of a user (RFC 6638 section 4.3): the one that the inbox names, else `calendar`, else the first
 * that takes events.
 */
export function defaultCalendar(context: Pick<DavContext, 'store'>, user: string): Node | undefined {
  const { nodes, properties } = context.store;
  const home = homeOf(context, user);
  if (home === undefined) return undefined;
  const inbox = nodes.child(home.id, 'inbox');
  const stored = inbox && properties.all(inbox.id).find((property) => property.name === name);
  const href = stored && />([^<>]+)<\/href>/.exec(innerXml(stored.value))?.[1];
  const chosen =
    href === undefined ? undefined : locate(context.store, user, pathSegments(pathIn(href))).resource?.node;
  if (chosen?.kind === 'calendar' && chosen.owner === user && chosen.target === null) return chosen;
  const calendars = ownCalendars(context, home);
  return calendars.find((node) => node.name === 'calendar') ?? calendars[0];
}

/** Lets the inbox name a calendar by its new path, where it named it by the one before it was moved. */
export function followDefaultCalendar({ store }: DavContext, user: string, movedTo: Node): void {
  const home = homeOf({ store }, user);
  const inbox = home && store.nodes.child(home.id, 'inbox');
  if (inbox === undefined) return;
  const path = escapeXml(encodePath(['calendars', user, movedTo.name], true));
  store.properties.set(
    inbox.id,
    ns.caldav,
    name,
    `<${name} xmlns="${ns.caldav}"><href xmlns="DAV:">${path}</href></${name}>`,
  );
}
