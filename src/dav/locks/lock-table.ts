import { randomUUID } from 'node:crypto';

export interface Lock {
  readonly token: string;
  /** The node locked. */
  readonly node: number;
  readonly scope: 'exclusive' | 'shared';
  readonly depth: 0 | 'infinity';
  readonly user: string;
  /** XML inside `D:owner`, as the client sent it. */
  readonly owner: string;
  /** Path through which it was taken. */
  readonly root: string;
  readonly timeoutSeconds: number;
  /** Epoch ms. */
  readonly expires: number;
}

export interface NewLock extends Omit<Lock, 'token' | 'expires'> {
  readonly at: number;
}

/** Write locks (RFC 4918 section 6). They live as long as the process: a lock may vanish at any time (6.6). */
export interface LockTable {
  readonly empty: boolean;
  onNode(node: number, at: number): readonly Lock[];
  byToken(token: string, at: number): Lock | undefined;
  add(lock: NewLock): Lock;
  refresh(token: string, timeoutSeconds: number, at: number): Lock | undefined;
  remove(token: string): void;
  removeNode(node: number): void;
}

export function createLockTable(): LockTable {
  const byNode = new Map<number, Lock[]>();
  const all = new Map<string, Lock>();
  const forget = (lock: Lock): void => {
    all.delete(lock.token);
    const rest = (byNode.get(lock.node) ?? []).filter(({ token }) => token !== lock.token);
    if (rest.length === 0) byNode.delete(lock.node);
    else byNode.set(lock.node, rest);
  };
  const store = (lock: Lock): Lock => {
    all.set(lock.token, lock);
    byNode.set(lock.node, [
      ...(byNode.get(lock.node) ?? []).filter(({ token }) => token !== lock.token),
      lock,
    ]);
    return lock;
  };
  const alive = (lock: Lock | undefined, at: number): Lock | undefined => {
    if (lock === undefined || lock.expires > at) return lock;
    forget(lock);
    return undefined;
  };
  return {
    get empty() {
      return all.size === 0;
    },
    onNode: (node, at) => (byNode.get(node) ?? []).filter((lock) => alive(lock, at) !== undefined),
    byToken: (token, at) => alive(all.get(token), at),
    add: ({ at, ...lock }) =>
      store({ ...lock, token: `urn:uuid:${randomUUID()}`, expires: at + lock.timeoutSeconds * 1000 }),
    refresh: (token, timeoutSeconds, at) => {
      const lock = alive(all.get(token), at);
      return lock && store({ ...lock, timeoutSeconds, expires: at + timeoutSeconds * 1000 });
    },
    remove: (token) => {
      const lock = all.get(token);
      if (lock !== undefined) forget(lock);
    },
    removeNode: (node) => {
      for (const { token } of byNode.get(node) ?? []) all.delete(token);
      byNode.delete(node);
    },
  };
}
