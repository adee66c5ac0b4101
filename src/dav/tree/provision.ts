import type { Node, NodeKind } from '../store/node.ts';
import type { Store } from '../store/store.ts';
import { rootId } from './locate.ts';

const trunk = [
  { name: 'principals', kind: 'principals' },
  { name: 'calendars', kind: 'calendar-homes' },
  { name: 'addressbooks', kind: 'addressbook-homes' },
  { name: 'files', kind: 'file-homes' },
] as const;

/** Makes what is above all users, once. */
export function provisionTrunk(store: Store, at: number): void {
  const create = (parent: number, name: string, kind: NodeKind): number =>
    store.nodes.create({ parent, name, kind, owner: '', revision: store.log.nextRevision(), at });
  store.transaction(() => {
    if (store.nodes.byId(rootId) === undefined) create(0, '', 'root');
    for (const { name, kind } of trunk) {
      if (store.nodes.child(rootId, name) === undefined) create(rootId, name, kind);
    }
  });
}

/** Makes the principal, the homes and the first collections of a user who has none yet. */
export function provisionUser(store: Store, user: string, at: number): void {
  store.accounts.add(user);
  const container = (name: string): number => store.nodes.child(rootId, name)?.id ?? rootId;
  if (store.nodes.child(container('principals'), user) !== undefined) return;
  const create = (parent: number, name: string, kind: NodeKind): number =>
    store.nodes.create({ parent, name, kind, owner: user, revision: store.log.nextRevision(), at });
  create(container('principals'), user, 'principal');
  const calendars = create(container('calendars'), user, 'calendar-home');
  const events = create(calendars, 'calendar', 'calendar');
  describe(store, events, 'Calendar');
  const tasks = create(calendars, 'tasks', 'calendar');
  describe(store, tasks, 'Tasks', 'VTODO');
  create(calendars, 'inbox', 'inbox');
  create(calendars, 'outbox', 'outbox');
  const addressbooks = create(container('addressbooks'), user, 'addressbook-home');
  provisionAddressBook(store, { id: addressbooks, owner: user }, store.log.nextRevision(), at);
  create(container('files'), user, 'folder');
  for (const home of [calendars, addressbooks]) store.nodes.touch(home, store.log.nextRevision());
}

/**
 * Makes a first address book in a home that has none of its own, as most clients cannot make one. Must run inside a
 * transaction that marks the home as changed.
 */
export function provisionAddressBook(
  store: Store,
  home: Pick<Node, 'id' | 'owner'>,
  revision: number,
  at: number,
): void {
  const { id: parent, owner } = home;
  if (store.nodes.members(parent).some(({ kind, target }) => kind === 'addressbook' && target === null))
    return;
  const name = 'addressbook';
  const id = store.nodes.create({ parent, name, kind: 'addressbook', owner, revision, at });
  store.log.unbury(parent, name);
  describe(store, id, 'Contacts');
}

function describe(store: Store, id: number, displayName: string, component?: string): void {
  store.properties.set(id, 'DAV:', 'displayname', `<displayname xmlns="DAV:">${displayName}</displayname>`);
  if (component === undefined) return;
  const caldav = 'urn:ietf:params:xml:ns:caldav';
  store.properties.set(
    id,
    caldav,
    'supported-calendar-component-set',
    `<supported-calendar-component-set xmlns="${caldav}"><comp xmlns="${caldav}" name="${component}"/></supported-calendar-component-set>`,
  );
}
