import type { DavContext } from '../context.ts';
import { BoundedMap } from '../bounded-map.ts';

/** The calendar user address of a user: the name itself where it is an e-mail address. */
export const calendarAddress = (user: string): string =>
  user.includes('@') ? `mailto:${user}` : `mailto:${encodeURIComponent(user)}@davpulse.invalid`;

/** The user whose calendar user address this is: by mail, by principal path or by principal URL. */
export function userOf(context: Pick<DavContext, 'store'>, address: string): string | undefined {
  const name = nameIn(address);
  return name !== undefined && context.store.accounts.hash(name) !== undefined ? name : undefined;
}

/** A large meeting has the same addresses over and over. */
const known = new BoundedMap<string, { readonly name: string | undefined }>(20_000);

/** The name that an address stands for, whether or not there is such a user. */
export function nameIn(address: string): string | undefined {
  const found = known.get(address) ?? { name: readName(address.trim()) };
  known.set(address, found, 1);
  return found.name;
}

function readName(address: string): string | undefined {
  const path = /^(?:https?:\/\/[^/]*)?\/principals\/([^/]+)\/?$/i.exec(address)?.[1];
  const mail = /^mailto:(.+)$/i.exec(address)?.[1];
  try {
    if (path !== undefined) return decodeURIComponent(path);
    if (mail === undefined) return undefined;
    return decodeURIComponent(mail.replace(/@davpulse\.invalid$/i, ''));
  } catch {
    return undefined;
  }
}
