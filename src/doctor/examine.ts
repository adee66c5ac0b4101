import { randomBytes } from 'node:crypto';
import {
  basicCredentials,
  Connection,
  createCollection,
  deleteCollection,
  putObject,
  registerPush,
  unregisterPush,
  type PushRegistration,
  type Session,
} from '../client/index.ts';
import { startRecordingEndpoint, type ListenAt } from '../conformance/index.ts';
import { awaitPush, readPush } from './await-push.ts';
import { findAccount, findPush, tried } from './find-server.ts';
import { Trouble, type Finding } from './step.ts';

export interface DoctorOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Where the push message comes in. */
  readonly listen: ListenAt;
  readonly waitMs: number;
  readonly verifyCertificate: boolean;
  /** Called with every finding as it is made. */
  readonly onFinding: (finding: Finding) => void;
  readonly signal: AbortSignal;
}

const hourMs = 3_600_000;
const requestTimeoutMs = 15_000;

const subscriptionAdvice = (origin: string): readonly string[] => [
  `the server may refuse push services at ${origin}: many refuse private addresses or plain http`,
  'for a test on one machine let it: davpulse serve --allow-loopback-push, Nextcloud allow_local_remote_servers',
  'or listen at an address with TLS that the server accepts: --listen with --public-url',
];

/**
 * Goes the way of a client, step by step, until something fails: reach, log in, find push, subscribe, change, be
 * told. Works in a calendar of its own and removes it. Gives whether all went well.
 * @throws the reason of an abort; DavpulseError DAVPULSE_PORT_IN_USE
 */
export async function examine(options: DoctorOptions): Promise<boolean> {
  const { url, waitMs, signal, onFinding } = options;
  const { origin, pathname } = new URL(url);
  const connection = new Connection({
    origin,
    keepAliveMs: 5000,
    timeoutMs: requestTimeoutMs,
    verifyCertificate: options.verifyCertificate,
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => connection.close());
  const session: Session = {
    connection,
    credentials: basicCredentials(options.user, options.password),
    now: () => performance.now(),
  };
  const endpoint = await startRecordingEndpoint(options.listen);
  stack.defer(() => endpoint.close());
  const resource = endpoint.open();

  /** One step: what it gives, and what it found in words. */
  const step = async <T>(name: string, attempt: () => Promise<readonly [T, string]>): Promise<T> => {
    signal.throwIfAborted();
    try {
      const [value, found] = await attempt();
      onFinding({ well: true, step: name, found });
      return value;
    } catch (error) {
      if (error instanceof Trouble) {
        onFinding({ well: false, step: name, found: error.message, advice: error.advice });
      }
      throw error;
    }
  };

  try {
    const home = await step('find the account', async () => {
      const { principal, calendarHome } = await findAccount(session, origin, pathname);
      if (calendarHome === undefined) {
        throw new Trouble('the account has no calendars', [
          'check that the server serves CalDAV to this user',
        ]);
      }
      return [calendarHome, `logged in as ${principal}, calendars at ${calendarHome}`];
    });
    const calendar = `${home}davpulse-doctor-${randomBytes(6).toString('hex')}/`;
    stack.defer(() => deleteCollection(session, calendar).catch(() => {}));
    const push = await step('find push', async () => {
      await tried('making a calendar to try with', ['check that the user may make calendars'], () =>
        createCollection(session, 'calendar', calendar, 'davpulse doctor'),
      );
      const found = await findPush(session, calendar);
      const key = found.vapidKey === undefined ? ', without a VAPID key: DAVx5 does not register then' : '';
      return [found, `the server offers WebDAV-Push${key}`];
    });
    await step('subscribe', async () => {
      const wanted = { endpoint: resource.url, keys: resource.keys, expiresAt: Date.now() + hourMs };
      const registration = await tried<PushRegistration>(
        'the subscription',
        subscriptionAdvice(endpoint.origin),
        () => registerPush(session, calendar, wanted),
      );
      if (registration.url !== '') stack.defer(() => unregisterPush(session, registration).catch(() => {}));
      return [
        registration,
        `subscribed with ${endpoint.origin} until ${new Date(registration.expiresAt).toUTCString()}`,
      ];
    });
    const changedAt = await step('change something', async () => {
      await tried('writing an event', ['check that the user may write'], () =>
        putObject(session, 'calendar', `${calendar}doctor.ics`, event),
      );
      return [Date.now(), 'wrote an event'];
    });
    await step('be told', async () => {
      const received = await awaitPush(resource, endpoint, waitMs, signal);
      readPush(resource, received, push.pushTopic ?? '');
      return [
        received,
        `the push message came after ${Math.max(0, received.at - changedAt)} ms and is right`,
      ];
    });
    return true;
  } catch (error) {
    if (error instanceof Trouble) return false;
    throw error;
  }
}

const event = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//davpulse//doctor//EN',
  'BEGIN:VEVENT',
  'UID:davpulse-doctor',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20300101T120000Z',
  'SUMMARY:davpulse doctor',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');
