import { hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Accounts } from '../store/store.ts';
import type { DavUser } from '../options.ts';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const maxRemembered = 100_000;

/** Knows who may log in. */
export interface Credentials {
  /** The user whose `Authorization` header this is. */
  check(header: string | undefined): Promise<string | undefined> | string | undefined;
  /** Stores the hashes of the passwords given at the start; ends when they are stored. */
  persist(): Promise<void>;
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, 32);
  return `scrypt:${salt.toString('base64url')}:${key.toString('base64url')}`;
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [, salt = '', key = ''] = stored.split(':');
  const expected = Buffer.from(key, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), expected.length || 32);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * Basic authentication (RFC 7617). Passwords at rest are scrypt hashes; a header that was right once is known
 * again by its keyed digest, so that a request does not cost a key derivation.
 */
export function createCredentials(accounts: Accounts, users: readonly DavUser[]): Credentials {
  const key = randomBytes(32).toString('base64');
  const digest = (text: string): string => hash('sha256', key + text, 'base64');
  const known = new Map<string, string>();
  const headerOf = ({ name, password }: DavUser): string =>
    `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  for (const user of users) known.set(digest(headerOf(user)), user.name);
  const given = new Map(users.map((user) => [user.name, user.password]));

  const verify = async (header: string, mark: string): Promise<string | undefined> => {
    const encoded = /^basic +([a-z0-9+/=_-]+) *$/i.exec(header)?.[1];
    if (encoded === undefined) return undefined;
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon === -1) return undefined;
    const [name, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
    const right = given.has(name)
      ? digest(given.get(name) ?? '') === digest(password)
      : await matches(password, accounts.hash(name) ?? '');
    if (!right || accounts.hash(name) === undefined) return undefined;
    if (known.size < maxRemembered + users.length) known.set(mark, name);
    return name;
  };

  return {
    check: (header) => {
      if (header === undefined) return undefined;
      const mark = digest(header);
      return known.get(mark) ?? verify(header, mark);
    },
    persist: async () => {
      for (const { name, password } of users) {
        const stored = accounts.hash(name);
        if (typeof stored === 'string' && (await matches(password, stored))) continue;
        accounts.setHash(name, await hashPassword(password));
      }
    },
  };
}
