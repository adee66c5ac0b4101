import { randomUUID } from 'node:crypto';
import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { boundsOf } from '../recurrence/bounds.ts';
import { happenings } from '../recurrence/instances.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { componentsOf, storeObject } from '../methods/write-object.ts';
import type { Node, ObjectFacts } from '../store/node.ts';
import { locate } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { pathSegments } from '../http/request-target.ts';
import { innerXml } from '../properties/stored.ts';
import { textOf } from './itip.ts';

export type Actor = Pick<Exchange, 'user' | 'dontNotify'>;

/** A calendar object in one of a user's own calendars. */
export interface Held {
  readonly calendar: Node;
  readonly node: Node;
  readonly content: ICAL.Component;
}

const homeOf = (context: DavContext, user: string): Node | undefined =>
  locate(context.store, user, ['calendars', user]).resource?.node;

/** The object with this UID among a user's own calendars. */
export function findHeld(context: DavContext, user: string, uid: string): Held | undefined {
  const { nodes } = context.store;
  const home = homeOf(context, user);
  const calendars = home === undefined ? [] : nodes.members(home.id);
  for (const calendar of calendars) {
    if (calendar.kind !== 'calendar' || calendar.target !== null) continue;
    const node = nodes.byUid(calendar.id, uid);
    const content = node && parseCalendar(nodes.text(node.id));
    if (node !== undefined && content !== undefined) return { calendar, node, content };
  }
  return undefined;
}

/** Where invitations of a user go: tasks to a list of tasks, all else to the calendar that the inbox names. */
function defaultCalendar(context: DavContext, user: string, content: ICAL.Component): Node | undefined {
  if (happenings(content)[0]?.name !== 'vtodo') return eventCalendar(context, user);
  const home = homeOf(context, user);
  const list = (home === undefined ? [] : context.store.nodes.members(home.id)).find((node) => {
    if (node.kind !== 'calendar' || node.target !== null) return false;
    const components = componentsOf(context, node);
    return components.includes('VTODO') && !components.includes('VEVENT');
  });
  return list ?? eventCalendar(context, user);
}

/** The calendar that the inbox names, else the first one. */
function eventCalendar(context: DavContext, user: string): Node | undefined {
  const { nodes, properties } = context.store;
  const home = homeOf(context, user);
  if (home === undefined) return undefined;
  const inbox = nodes.child(home.id, 'inbox');
  const stored =
    inbox && properties.all(inbox.id).find(({ name }) => name === 'schedule-default-calendar-URL');
  const href = stored && />([^<>]+)<\/href>/.exec(innerXml(stored.value))?.[1];
  const chosen =
    href === undefined ? undefined : locate(context.store, user, pathSegments(href)).resource?.node;
  if (chosen?.kind === 'calendar' && chosen.owner === user && chosen.target === null) return chosen;
  return (
    nodes.child(home.id, 'calendar') ??
    nodes.members(home.id).find(({ kind, target }) => kind === 'calendar' && target === null)
  );
}

function factsOf(context: DavContext, content: ICAL.Component, scheduleTag: string | null): ObjectFacts {
  const [first] = happenings(content);
  const component = (first?.name ?? 'vevent').toUpperCase();
  const uid = String(first?.getFirstPropertyValue('uid') ?? '');
  const type = `text/calendar; charset=utf-8; component=${component}`;
  return { type, uid, component, scheduleTag, ...boundsOf(content, context.limits.maxInstances) };
}

interface Placed {
  readonly parent: Node;
  readonly name: string;
  readonly content: ICAL.Component;
  readonly scheduleTag: string | null;
}

/** Stores what the server itself writes for a user; inside a transaction. */
export function place(
  context: DavContext,
  actor: Actor,
  { parent, name, content, scheduleTag }: Placed,
): void {
  const revision = context.store.log.nextRevision();
  const data = Buffer.from(textOf(content));
  storeObject(context, parent, name, { data, facts: factsOf(context, content, scheduleTag) }, revision);
  recordChange(context, actor, { node: parent, kind: 'content', revision });
}

/** Puts an iTIP message into a user's inbox. */
export function deliver(context: DavContext, actor: Actor, user: string, message: ICAL.Component): void {
  const home = homeOf(context, user);
  const inbox = home && context.store.nodes.child(home.id, 'inbox');
  if (inbox !== undefined) {
    place(context, actor, {
      parent: inbox,
      name: `${randomUUID()}.ics`,
      content: message,
      scheduleTag: null,
    });
  }
}

export const newScheduleTag = (): string => `"${randomUUID()}"`;

/** Puts an event into a user's calendar: in place of the one with its UID, else into the default calendar. */
export function placeEvent(
  context: DavContext,
  actor: Actor,
  user: string,
  content: ICAL.Component,
  uid: string,
  keepTag = false,
): void {
  const held = findHeld(context, user, uid);
  const parent = held?.calendar ?? defaultCalendar(context, user, content);
  if (parent === undefined) return;
  const name = held?.node.name ?? `${randomUUID()}.ics`;
  const scheduleTag = keepTag && held !== undefined ? held.node.scheduleTag : newScheduleTag();
  place(context, actor, { parent, name, content, scheduleTag });
}
