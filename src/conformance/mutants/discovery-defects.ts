import type { PushEngine, WatchedCollection } from '../../push/index.ts';
import type { Defect } from './defect.ts';

type Change = (properties: Map<string, string>, collection: WatchedCollection) => void;

/** The engine with other push properties. */
const withProperties =
  (change: Change) =>
  (engine: PushEngine): PushEngine => ({
    ...engine,
    properties(collection) {
      const properties = new Map(engine.properties(collection));
      change(properties, collection);
      return properties;
    },
  });

const rewrite =
  (name: string, change: (inner: string) => string): Change =>
  (properties) =>
    void properties.set(name, change(properties.get(name) ?? ''));

const isCalendar = ({ kind = 'calendar' }: WatchedCollection): boolean => kind === 'calendar';

/** Counts the changes of a collection into its topic. */
function countingTopic(engine: PushEngine): PushEngine {
  const changes = new Map<number, number>();
  const counting = withProperties((properties, { id }) => {
    const count = changes.get(id) ?? 0;
    if (count > 0) properties.set('topic', `${properties.get('topic') ?? ''}-${count}`);
  })(engine);
  return {
    ...counting,
    record(change) {
      changes.set(change.collectionId, (changes.get(change.collectionId) ?? 0) + 1);
      engine.record(change);
    },
  };
}

/** What a client reads is wrong. */
export const discoveryDefects: readonly Defect[] = [
  {
    id: 'no-capability',
    title: 'does not say webdav-push in the DAV header',
    caughtBy: ['discovery.capability'],
    front: {
      answer({ headers }) {
        const { dav } = headers;
        if (dav !== undefined)
          headers['dav'] = [dav]
            .flat()
            .join(', ')
            .replace(/,\s*webdav-push/, '');
      },
    },
  },
  {
    id: 'no-web-push',
    title: 'names no transport web-push',
    caughtBy: ['discovery.transports'],
    engine: withProperties(rewrite('transports', () => '')),
  },
  {
    id: 'web-push-twice',
    title: 'names the transport web-push twice',
    caughtBy: ['discovery.transport-once'],
    engine: withProperties(rewrite('transports', (inner) => inner + inner)),
  },
  {
    id: 'no-vapid-key',
    title: 'advertises no VAPID key',
    caughtBy: ['discovery.vapid'],
    engine: withProperties(
      rewrite('transports', (inner) => inner.replace(/<vapid-public-key.*?<\/vapid-public-key>/, '')),
    ),
  },
  {
    id: 'untyped-vapid-key',
    title: 'advertises the VAPID key without its type',
    caughtBy: ['discovery.vapid-form'],
    engine: withProperties(rewrite('transports', (inner) => inner.replace(' type="p256ecdsa"', ''))),
  },
  {
    id: 'no-topic',
    title: 'has no topic property',
    caughtBy: ['discovery.topic'],
    also: ['discovery.addressbook'],
    engine: withProperties((properties) => void properties.delete('topic')),
  },
  {
    id: 'one-topic-for-all',
    title: 'gives every collection the same topic',
    caughtBy: ['discovery.topic-unique'],
    also: ['message.topic', 'share.told', 'share.ended', 'share.dont-notify'],
    engine: withProperties((properties) => void properties.set('topic', 'topic')),
  },
  {
    id: 'changing-topic',
    title: 'changes the topic of a collection with its content',
    caughtBy: ['discovery.topic-stable'],
    also: ['message.topic', 'share.told'],
    engine: countingTopic,
  },
  {
    id: 'no-triggers',
    title: 'lists no supported trigger',
    caughtBy: ['discovery.triggers', 'discovery.content-depth', 'discovery.property-depth'],
    also: ['discovery.home', 'discovery.principal'],
    engine: withProperties((properties) => void properties.set('supported-triggers', '')),
  },
  {
    id: 'content-depth-0',
    title: 'supports content updates of the calendar itself only',
    caughtBy: ['discovery.content-depth'],
    engine: withProperties((properties, collection) => {
      if (isCalendar(collection)) rewrite('supported-triggers', depthZero)(properties, collection);
    }),
  },
  {
    id: 'no-property-trigger',
    title: 'does not list property-update for calendars',
    caughtBy: ['discovery.property-depth'],
    engine: withProperties((properties, collection) => {
      if (isCalendar(collection)) rewrite('supported-triggers', contentOnly)(properties, collection);
    }),
  },
  {
    id: 'no-push-for-homes',
    title: 'has no push for the calendar home',
    caughtBy: ['discovery.home'],
    engine: withProperties((properties, { kind }) => {
      if (kind === 'calendar-home') properties.clear();
    }),
  },
  {
    id: 'no-push-for-contacts',
    title: 'has no push for address books',
    caughtBy: ['discovery.addressbook'],
    engine: withProperties((properties, { kind }) => {
      if (kind === 'addressbook') properties.clear();
    }),
  },
];

const depthZero = (inner: string): string =>
  inner.replace(/(<content-update.*?<depth[^>]*>)[^<]*/, (_, open: string) => `${open}0`);
const contentOnly = (inner: string): string => inner.replace(/<property-update.*?<\/property-update>/, '');
