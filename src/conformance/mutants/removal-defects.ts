import type { PushEngine } from '../../push/index.ts';
import type { Defect } from './defect.ts';

const noContent = { status: 204, headers: {}, body: '' } as const;
const notFound = { status: 404, headers: {}, body: '' } as const;

/** Whose registration it is, by the last part of its URL. */
function withOwners(
  change: (engine: PushEngine, owners: ReadonlyMap<string, string>) => Partial<PushEngine>,
): (engine: PushEngine) => PushEngine {
  return (engine) => {
    const owners = new Map<string, string>();
    return {
      ...engine,
      register(user, collection, request, origin) {
        const answer = engine.register(user, collection, request, origin);
        const location = answer.headers['Location'];
        if (location !== undefined) owners.set(location.slice(location.lastIndexOf('/') + 1), user);
        return answer;
      },
      ...change(engine, owners),
    };
  };
}

/** Registrations do not end as they should, or end for the wrong people. */
export const removalDefects: readonly Defect[] = [
  {
    id: 'delete-200',
    title: 'answers the removal of a registration with 200',
    caughtBy: ['remove.delete'],
    engine: (engine) => ({
      ...engine,
      unregister(user, id) {
        const answer = engine.unregister(user, id);
        return answer.status === 204 ? { ...answer, status: 200 } : answer;
      },
    }),
  },
  {
    id: 'removes-nothing',
    title: 'says that a registration is removed and keeps it',
    caughtBy: ['remove.silent'],
    engine(engine) {
      const removed = new Set<string>();
      return {
        ...engine,
        unregister(_user, id) {
          // The second removal is answered as if the first had been real.
          if (removed.has(id)) return notFound;
          removed.add(id);
          return noContent;
        },
      };
    },
    also: ['remove.other-user', 'expire.location'],
  },
  {
    id: 'removes-the-unknown',
    title: 'answers the removal of what is not there with 204',
    caughtBy: ['remove.twice', 'expire.location'],
    also: ['remove.other-user'],
    engine: (engine) => ({
      ...engine,
      unregister(user, id) {
        engine.unregister(user, id);
        return noContent;
      },
    }),
  },
  {
    id: 'anybody-removes',
    title: 'lets a user remove the registration of another',
    caughtBy: ['remove.other-user'],
    engine: withOwners((engine, owners) => ({
      unregister: (user, id) => engine.unregister(owners.get(id) ?? user, id),
    })),
  },
  {
    id: 'anonymous-removal',
    title: 'answers removals without credentials as done',
    caughtBy: ['remove.anonymous'],
    front: {
      request: ({ method, path, headers }) =>
        method === 'DELETE' && path.includes('/registrations/') && !headers.includes('authorization')
          ? { ...noContent, headers: {} }
          : undefined,
    },
  },
  {
    id: 'never-expires',
    title: 'tells registrations of changes after their expiry',
    caughtBy: ['expire.silent', 'expire.location'],
    engine: (engine) => ({
      ...engine,
      register(user, collection, request, origin) {
        const wanted = request.children.find(({ name }) => name === 'expires')?.text;
        const children = request.children.filter(({ name }) => name !== 'expires');
        const answer = engine.register(user, collection, { ...request, children }, origin);
        if (wanted === undefined || answer.status >= 300) return answer;
        return { ...answer, headers: { ...answer.headers, Expires: wanted.trim() } };
      },
    }),
  },
  {
    id: 'still-told',
    title: 'tells who may no longer see a collection of its changes',
    caughtBy: ['share.ended'],
    host: (host) => ({ ...host, mayRead: () => true }),
  },
  {
    id: 'silences-others',
    title: 'lets a user silence the registration of another',
    caughtBy: ['share.dont-notify'],
    engine: withOwners((engine, owners) => ({
      record(change) {
        const [named] = change.dontNotify.flatMap((line) => /([\w-]+)"/.exec(line)?.slice(1) ?? []);
        engine.record({ ...change, user: owners.get(named ?? '') ?? change.user });
      },
    })),
  },
];
