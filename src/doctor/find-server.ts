import {
  discoverAccount,
  exchange,
  readCollectionAt,
  unreachable,
  type Account,
  type FoundCollection,
  type Session,
} from '../client/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { Trouble } from './step.ts';

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Finds the account's principal and homes. @throws Trouble */
export async function findAccount(session: Session, origin: string, path: string): Promise<Account> {
  try {
    return await discoverAccount(session, path);
  } catch (error) {
    if (certificateCodes.has(codeOf(error))) {
      throw new Trouble(`the TLS certificate of ${origin} is not to be trusted (${codeOf(error)})`, [
        'give the server a certificate that clients accept: phones refuse this one as well',
        'to go on all the same: --insecure',
      ]);
    }
    const known = unreachable(origin, error);
    if (known.code === 'DAVPULSE_SERVER_UNREACHABLE') {
      throw new Trouble(known.message, [
        'check the address and the port, and that the server runs',
        'check that a firewall lets this machine through',
      ]);
    }
    if (known.code === 'DAVPULSE_SERVER_REFUSED') {
      throw new Trouble('the server does not accept the user name and password', [
        'check both; with two-factor authentication an app password is needed',
      ]);
    }
    throw new Trouble(known.message, [
      'give the address of the CalDAV service itself, as for a client: Nextcloud has it at /remote.php/dav/',
      'make /.well-known/caldav redirect to it (RFC 6764)',
    ]);
  }
}

/** Reads what the server says of push at a calendar. @throws Trouble */
export async function findPush(session: Session, calendar: string): Promise<FoundCollection> {
  const options = await exchange(session, 'discovery', { method: 'OPTIONS', path: calendar });
  const capable = [options.headers['dav'] ?? []].flat().join(',').includes('webdav-push');
  const collection = await readCollectionAt(session, calendar);
  if (collection?.pushTopic !== undefined) return collection;
  const missing = capable
    ? 'the server says webdav-push, but its calendars have no transport web-push or no topic'
    : 'the server does not offer WebDAV-Push';
  throw new Trouble(missing, [
    'install or switch on push at the server: Nextcloud needs the app dav_push, other servers a recent version',
    'check in the settings that push is allowed for this user',
    'until then clients can only ask again and again: set their interval to what you can wait for',
  ]);
}

/** After a login that worked, a refusal is not about the password. */
function reasonOf(error: unknown): string {
  if (error instanceof DavpulseError && error.code === 'DAVPULSE_SERVER_REFUSED')
    return 'the server refused it';
  return error instanceof Error ? error.message : String(error);
}

/** Makes an attempt; what goes wrong becomes trouble with this advice. @throws Trouble */
export async function tried<T>(
  what: string,
  advice: readonly string[],
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Trouble) throw error;
    const reason = reasonOf(error);
    throw new Trouble(`${what} did not work: ${reason}`, advice);
  }
}
