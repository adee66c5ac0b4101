import { ns } from '../../xml/index.ts';
import type { WatchedCollection } from '../../push/index.ts';
import type { NodeKind } from '../store/node.ts';
import type { Resource } from '../tree/resource.ts';
import type { LiveProperty } from './property.ts';

const watchable = {
  calendar: 'calendar',
  addressbook: 'addressbook',
  'calendar-home': 'calendar-home',
  'addressbook-home': 'addressbook-home',
  principal: 'principal',
  inbox: 'inbox',
  outbox: 'outbox',
} as const satisfies Partial<Record<NodeKind, string>>;

const isWatchable = (kind: NodeKind): kind is keyof typeof watchable => kind in watchable;

/** The resource as push knows it; undefined where it cannot be watched. */
export function watchedOf({ content, path }: Resource): WatchedCollection | undefined {
  const { kind, id, parent } = content;
  if (kind === 'folder') return { id, path };
  if (!isWatchable(kind)) return undefined;
  const inHome = kind === 'calendar' || kind === 'addressbook' || kind === 'inbox' || kind === 'outbox';
  return { id, path, kind: watchable[kind], ...(inHome ? { homeId: parent } : {}) };
}

/** The WebDAV-Push properties, as the engine tells them. */
export const pushProperties: readonly LiveProperty[] = ['transports', 'topic', 'supported-triggers'].map(
  (name) => ({
    ns: ns.push,
    name,
    read: (resource, { context }) => {
      const watched = context.push === undefined ? undefined : watchedOf(resource);
      return watched === undefined ? undefined : context.push?.properties(watched).get(name);
    },
  }),
);

/** Apple's push properties. */
export const vendorPushProperties: readonly LiveProperty[] = ['push-transports', 'pushkey'].map((name) => ({
  ns: ns.calendarserver,
  name,
  read: (resource, { context, origin }) => {
    const watched = context.push === undefined ? undefined : watchedOf(resource);
    if (watched === undefined) return undefined;
    return context.push
      ?.vendorProperties(watched, origin)
      .find((property) => property.name === name && property.ns === ns.calendarserver)?.inner;
  },
}));
