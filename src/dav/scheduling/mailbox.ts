import { randomUUID } from 'node:crypto';
import type ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { boundsOf } from '../recurrence/bounds.ts';
import { happenings } from '../recurrence/instances.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { storeObject } from '../methods/write-object.ts';
import type { Node, ObjectFacts } from '../store/node.ts';
import { locate } from '../tree/locate.ts';
import { recordChange } from '../tree/record-change.ts';
import { textOf } from './itip.ts';

export type Actor = Pick<Exchange, 'user' | 'dontNotify'>;

/** A calendar object in one of a user's own calendars. */
export interface Held {
  readonly calendar: Node;
  readonly node: Node;
  readonly content: ICAL.Component;
}

export const homeOf = (context: Pick<DavContext, 'store'>, user: string): Node | undefined =>
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

function factsOf(context: DavContext, content: ICAL.Component): ObjectFacts {
  const [first] = happenings(content);
  const component = (first?.name ?? 'vevent').toUpperCase();
  const uid = String(first?.getFirstPropertyValue('uid') ?? '');
  const type = `text/calendar; charset=utf-8; component=${component}`;
  return { type, uid, component, scheduleTag: null, ...boundsOf(content, context.limits.maxInstances) };
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
  createDeliveries(context, actor).put(parent, name, content, scheduleTag);
}

/** Puts an iTIP message into a user's inbox. */
export const deliver = (context: DavContext, actor: Actor, user: string, message: ICAL.Component): void =>
  createDeliveries(context, actor).toInbox(user, message);

export const newScheduleTag = (): string => `"${randomUUID()}"`;

export interface Deliveries {
  /** Stores an object, under a new name where none is given. */
  put(parent: Node, name: string | undefined, content: ICAL.Component, scheduleTag: string | null): void;
  /** Puts an iTIP message into a user's inbox. */
  toInbox(user: string, message: ICAL.Component): void;
}

/** Writes for many users what they have in common, made once. Contents must not change after they were given. */
export function createDeliveries(context: DavContext, actor: Actor): Deliveries {
  const made = new Map<ICAL.Component, { readonly data: Buffer; readonly facts: ObjectFacts }>();
  const make = (content: ICAL.Component) => {
    const known = made.get(content) ?? {
      data: Buffer.from(textOf(content)),
      facts: factsOf(context, content),
    };
    made.set(content, known);
    return known;
  };
  const put: Deliveries['put'] = (parent, name, content, scheduleTag) => {
    const { data, facts } = make(content);
    const revision = context.store.log.nextRevision();
    storeObject(
      context,
      parent,
      name ?? `${randomUUID()}.ics`,
      { data, facts: { ...facts, scheduleTag } },
      revision,
    );
    recordChange(context, actor, { node: parent, kind: 'content', revision });
  };
  return {
    put,
    toInbox: (user, message) => {
      const home = homeOf(context, user);
      const inbox = home && context.store.nodes.child(home.id, 'inbox');
      if (inbox !== undefined) put(inbox, undefined, message, null);
    },
  };
}
