import type { DavContext } from '../context.ts';

/** The calendar user address of a user: the name itself where it is an e-mail address. */
export const calendarAddress = (user: string): string =>
  user.includes('@') ? `mailto:${user}` : `mailto:${encodeURIComponent(user)}@davpulse.invalid`;

/** The user whose calendar user address this is: by mail, by principal path or by principal URL. */
export function userOf(context: Pick<DavContext, 'store'>, address: string): string | undefined {
  const name = nameIn(address.trim());
  return name !== undefined && context.store.accounts.hash(name) !== undefined ? name : undefined;
}

function nameIn(address: string): string | undefined {
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
