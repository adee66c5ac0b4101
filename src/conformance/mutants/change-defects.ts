import type { PushChange, PushEngine } from '../../push/index.ts';
import type { Defect } from './defect.ts';

/** The engine with other changes recorded than there were. */
const withChanges =
  (change: (change: PushChange, engine: PushEngine) => void) =>
  (engine: PushEngine): PushEngine => ({ ...engine, record: (one) => change(one, engine) });

const withDontNotify = (read: (line: string, change: PushChange) => string) =>
  withChanges((change, engine) =>
    engine.record({ ...change, dontNotify: change.dontNotify.map((line) => read(line, change)) }),
  );

const isDelete = (method: string, path: string): boolean => method === 'DELETE' && path.endsWith('.ics');

const withoutHeader = (headers: readonly string[], name: string): string[] =>
  headers.filter((_, index) => (headers[index - (index % 2)] ?? '').toLowerCase() !== name);

const atOnce = { kind: 'immediate', ttlSeconds: 86_400, topic: 1 } as const;

/** Changes are told to the wrong people, not at all, or too often. */
export const changeDefects: readonly Defect[] = [
  {
    id: 'echo',
    title: 'ignores Push-Dont-Notify',
    caughtBy: [
      'dont-notify.put',
      'dont-notify.delete',
      'dont-notify.proppatch',
      'dont-notify.star',
      'dont-notify.list',
      'dont-notify.lines',
    ],
    engine: withChanges((change, engine) => engine.record({ ...change, dontNotify: [] })),
  },
  {
    id: 'echo-of-delete',
    title: 'ignores Push-Dont-Notify of DELETE',
    caughtBy: ['dont-notify.delete'],
    front: {
      request(asked) {
        if (isDelete(asked.method, asked.path))
          asked.headers = withoutHeader(asked.headers, 'push-dont-notify');
        return undefined;
      },
    },
  },
  {
    id: 'echo-of-properties',
    title: 'ignores Push-Dont-Notify of PROPPATCH',
    caughtBy: ['dont-notify.proppatch'],
    engine: withDontNotify((line, { kind }) => (kind === 'property' ? '' : line)),
  },
  {
    id: 'star-unknown',
    title: 'does not know the value * of Push-Dont-Notify',
    caughtBy: ['dont-notify.star'],
    engine: withDontNotify((line) => line.replace('*', '')),
  },
  {
    id: 'first-name-only',
    title: 'reads only the first registration in Push-Dont-Notify',
    caughtBy: ['dont-notify.list', 'dont-notify.lines'],
    engine: withDontNotify((line) => line.split(',')[0] ?? ''),
  },
  {
    id: 'first-line-only',
    title: 'reads only the first line of Push-Dont-Notify',
    caughtBy: ['dont-notify.lines'],
    front: {
      request(asked) {
        const lines = asked.headers.flatMap((name, index) =>
          index % 2 === 0 && name.toLowerCase() === 'push-dont-notify' ? [index] : [],
        );
        for (const index of lines.slice(1).toReversed()) asked.headers.splice(index, 2);
        return undefined;
      },
    },
  },
  {
    id: 'nonsense-silences',
    title: 'takes a meaningless Push-Dont-Notify for *',
    caughtBy: ['dont-notify.invalid'],
    engine: withDontNotify((line) => (line.includes('"') ? line : '*')),
  },
  {
    id: 'silence-lasts',
    title: 'never again tells a registration that was once named in Push-Dont-Notify',
    caughtBy: ['dont-notify.once'],
    engine(engine) {
      const named = new Set<string>();
      return withChanges((change) => {
        for (const line of change.dontNotify) if (line.includes('"')) named.add(line);
        const dontNotify = change.dontNotify.includes('*') ? ['*'] : [...named];
        engine.record({ ...change, dontNotify });
      })(engine);
    },
  },
  {
    id: 'deletes-untold',
    title: 'does not tell of removed objects',
    caughtBy: ['message.delete'],
    also: ['dont-notify.delete'],
    front: {
      request(asked) {
        if (!isDelete(asked.method, asked.path)) return undefined;
        asked.headers = [...withoutHeader(asked.headers, 'push-dont-notify'), 'push-dont-notify', '*'];
        return undefined;
      },
    },
  },
  {
    id: 'removed-collections-untold',
    title: 'does not tell that a collection was removed',
    caughtBy: ['message.collection-removed'],
    front: {
      request(asked) {
        const whole = asked.method === 'DELETE' && asked.path.endsWith('/');
        if (whole) asked.headers = [...asked.headers, 'push-dont-notify', '*'];
        return undefined;
      },
    },
  },
  {
    id: 'properties-untold',
    title: 'does not tell of changed properties',
    caughtBy: ['message.property', 'message.merged-kinds', 'dont-notify.proppatch'],
    engine: withChanges((change, engine) => {
      if (change.kind === 'content') engine.record(change);
    }),
  },
  {
    id: 'kinds-confused',
    title: 'tells of every content change as a property change too',
    caughtBy: ['message.only-property'],
    engine: withChanges((change, engine) => {
      engine.record(change);
      engine.record({ ...change, kind: 'property' });
    }),
  },
  {
    id: 'tells-on-registration',
    title: 'sends a message for the registration itself',
    caughtBy: ['message.no-change'],
    also: [
      'message.only-content',
      'message.other-collection',
      'register.update',
      'share.ended',
      'expire.silent',
      'dont-notify.put',
      'dont-notify.delete',
      'dont-notify.star',
      'dont-notify.list',
      'dont-notify.lines',
      'remove.silent',
      'failure.404',
      'failure.410',
      'failure.isolated',
      'failure.429',
      'register.two-collections',
      'message.last-change',
      'message.sync-token-current',
      'share.told',
      'share.dont-notify',
      'dont-notify.once',
      'delivery.topic-apart',
      'register.new-keys',
      'vapid.rotation',
      'message.collection-removed',
    ],
    engine: (engine) => ({
      ...engine,
      register(user, collection, request, origin) {
        const answer = engine.register(user, collection, request, origin);
        if (answer.status >= 300) return answer;
        const change = { collectionId: collection.id, kind: 'content', importance: 'normal' } as const;
        engine.record({ ...change, at: Date.now(), dontNotify: [], user });
        engine.wake();
        return answer;
      },
    }),
  },
  {
    id: 'no-merging',
    title: 'sends a message for every change',
    caughtBy: ['message.burst'],
    policy: atOnce,
    wire: {},
    front: { holdMs: 400 },
  },
  {
    id: 'sends-inside-the-write',
    title: 'answers a write when its messages are sent',
    caughtBy: ['failure.async', 'message.burst'],
    policy: atOnce,
    also: ['failure.hang', 'failure.429'],
    wire: {},
    front: { holdMs: 4500 },
  },
];
