import { escapeXml, ns } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { readCalendarObject, type CalendarObject } from '../objects/calendar-object.ts';
import { componentsOf } from '../objects/supported-components.ts';
import { readCardObject } from '../objects/card-object.ts';
import { encodeSegment } from '../http/request-target.ts';
import type { Node, ObjectFacts } from '../store/node.ts';

/** Bytes that passed every check of the collection they go into. */
export interface CheckedObject {
  readonly data: Uint8Array;
  readonly facts: ObjectFacts;
  readonly calendar?: CalendarObject;
}

interface Target {
  /** The collection. */
  readonly node: Node;
  /** Path under which the client knows it. */
  readonly path: string;
  /** Name that the object has or gets. */
  readonly name: string;
}

// oxlint-disable-next-line no-control-regex -- they are what it looks for
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(data: Uint8Array, contentType: string | undefined, uri: string, condition: string): string {
  if (!isUtf8(contentType)) throw new Refusal(403, 'not said to be UTF-8', { ns: uri, name: condition });
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    throw new Refusal(403, 'not UTF-8', { ns: uri, name: condition });
  }
  // Neither iCalendar and vCard nor the XML of reports can carry them.
  if (controls.test(text)) throw new Refusal(403, 'control characters', { ns: uri, name: condition });
  return text;
}

/** Checks what is written into a collection against the rules of its kind. @throws Refusal */
export function checkObject(
  context: DavContext,
  target: Target,
  data: Uint8Array,
  contentType: string | undefined,
): CheckedObject {
  switch (target.node.kind) {
    case 'calendar':
    case 'inbox':
      return checkCalendar(context, target, data, contentType);
    case 'addressbook':
      return checkCard(context, target, data, contentType);
    case 'folder':
      return {
        data,
        facts: {
          type: contentType ?? 'application/octet-stream',
          uid: null,
          component: null,
          starts: null,
          ends: null,
          exact: false,
          scheduleTag: null,
        },
      };
    default:
      throw new Refusal(403, 'nothing can be stored here');
  }
}

const mediaType = (header: string | undefined): string | undefined =>
  header?.split(';')[0]?.trim().toLowerCase();

/** What is stored is sent back as UTF-8, so it must be that already. */
const isUtf8 = (header: string | undefined): boolean =>
  /^(?:utf-?8|us-ascii)$/i.test(/;\s*charset="?([^";\s]+)/i.exec(header ?? '')?.[1] ?? 'utf-8');

function requireSize(context: DavContext, data: Uint8Array, uri: string): void {
  if (data.byteLength <= context.limits.maxResourceBytes) return;
  throw new Refusal(403, `longer than ${context.limits.maxResourceBytes} bytes`, {
    ns: uri,
    name: 'max-resource-size',
  });
}

function checkCalendar(
  context: DavContext,
  target: Target,
  data: Uint8Array,
  contentType: string | undefined,
): CheckedObject {
  const type = mediaType(contentType);
  const isCalendar = type === undefined || type === 'text/calendar' || type === 'application/octet-stream';
  if (!isCalendar) {
    throw new Refusal(403, 'not text/calendar', { ns: ns.caldav, name: 'supported-calendar-data' });
  }
  requireSize(context, data, ns.caldav);
  const text = decode(data, contentType, ns.caldav, 'valid-calendar-data');
  const calendar = readCalendarObject(text, context.limits, target.node.kind === 'inbox');
  if (!componentsOf(context, target.node).includes(calendar.component)) {
    throw new Refusal(403, `this calendar takes no ${calendar.component}`, {
      ns: ns.caldav,
      name: 'supported-calendar-component',
    });
  }
  if (target.node.kind === 'calendar') requireFreeUid(context, target, calendar.uid, ns.caldav);
  const { uid, component, starts, ends, exact } = calendar;
  const facts = {
    type: `text/calendar; charset=utf-8; component=${component}`,
    uid,
    component,
    starts,
    ends,
    exact,
    scheduleTag: null,
  };
  return { data, facts, calendar };
}

function checkCard(
  context: DavContext,
  target: Target,
  data: Uint8Array,
  contentType: string | undefined,
): CheckedObject {
  const type = mediaType(contentType);
  const cards = ['text/vcard', 'text/x-vcard', 'text/directory', 'application/octet-stream'];
  if (type !== undefined && !cards.includes(type)) {
    throw new Refusal(403, 'not text/vcard', { ns: ns.carddav, name: 'supported-address-data' });
  }
  requireSize(context, data, ns.carddav);
  const { uid } = readCardObject(decode(data, contentType, ns.carddav, 'valid-address-data'));
  requireFreeUid(context, target, uid, ns.carddav);
  return {
    data,
    facts: {
      type: 'text/vcard; charset=utf-8',
      uid,
      component: null,
      starts: null,
      ends: null,
      exact: false,
      scheduleTag: null,
    },
  };
}

/** An object holds a UID once in its collection, and keeps it (RFC 4791 section 5.3.2.1, RFC 6352 section 6.3.2.1). */
export const uidConflict = (path: string, uri: string, message: string): Refusal =>
  new Refusal(403, message, {
    ns: uri,
    name: 'no-uid-conflict',
    inner: `<D:href>${escapeXml(path)}</D:href>`,
  });

function requireFreeUid(context: DavContext, { node, path, name }: Target, uid: string, uri: string): void {
  const holder = context.store.nodes.byUid(node.id, uid);
  if (holder !== undefined && holder.name !== name) {
    throw uidConflict(`${path}${encodeSegment(holder.name)}`, uri, 'another object has this UID');
  }
  const old = context.store.nodes.child(node.id, name);
  if (old !== undefined && old.uid !== null && old.uid !== uid) {
    throw uidConflict(`${path}${encodeSegment(name)}`, uri, 'the object at this URL has another UID');
  }
}

/** Stores a checked object; inside a transaction. @returns its entity tag */
export function storeObject(
  context: DavContext,
  parent: Node,
  name: string,
  object: CheckedObject,
  revision: number,
): string {
  const { nodes, log } = context.store;
  const at = context.now();
  const existing = nodes.child(parent.id, name);
  const id =
    existing?.id ??
    nodes.create({ parent: parent.id, name, kind: 'object', owner: parent.owner, revision, at });
  if (existing === undefined) log.unbury(parent.id, name);
  return nodes.write(id, object.data, object.facts, revision, at);
}
