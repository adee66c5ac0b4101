import { randomBytes } from 'node:crypto';
import { DavpulseError } from '../../errors/index.ts';
import { unregisterPush } from '../push-registration.ts';
import type { Session } from '../session.ts';
import { advertised, type ClientTransport, type TransportListener } from './client-transport.ts';
import { openEventStream } from './event-stream.ts';
import { readPushEvent } from './read-push-event.ts';
import { registerStream } from './register-stream.ts';

export interface StreamClientOptions {
  readonly session: Session;
  /** Scheme and authority of the DAV server. */
  readonly origin: string;
  readonly verifyCertificate: boolean;
  /** 1000 when left out. */
  readonly reconnectMs?: number;
  /** 5 when left out. */
  readonly maxFailures?: number;
}

/** For devices without a push service: one event stream of the DAV server itself, for all collections. */
export function createStreamClient(options: StreamClientOptions): ClientTransport {
  const { session, origin, verifyCertificate, reconnectMs = 1000, maxFailures = 5 } = options;
  // The client names its channel, so that it is the same after every break.
  const channel = randomBytes(18).toString('base64url');
  let listener: TransportListener | undefined;
  let end: (() => void) | undefined;
  let standing: Promise<void> | undefined;

  const open = (path: string): Promise<void> => {
    const first = Promise.withResolvers<void>();
    const url = new URL(path, origin);
    url.searchParams.set('channel', channel);
    end = openEventStream({
      url: url.href,
      authorization: session.credentials.authorization,
      verifyCertificate,
      reconnectMs,
      maxFailures,
      onOpen: () => first.resolve(),
      onMessage(data) {
        const event = readPushEvent(data);
        if (event !== undefined) listener?.onMessage(event);
      },
      onGivenUp(reason) {
        standing = undefined;
        first.reject(new DavpulseError('DAVPULSE_SERVER_FAILED', reason));
        listener?.onFailure(reason);
      },
    });
    return first.promise;
  };

  const subscribe: ClientTransport['subscribe'] = async (offered, wantedUntil) => {
    await (standing ??= open(advertised(offered.stream, 'stream').path));
    const registration = await registerStream(session, offered.collection, channel, wantedUntil);
    return {
      ...registration,
      collection: offered.collection,
      about: advertised(offered.topic, 'stream'),
    };
  };

  return {
    name: 'stream',
    listen: (wanted) => void (listener = wanted),
    subscribe,
    renew: (_subscription, offered, wantedUntil) => subscribe(offered, wantedUntil),
    async remove({ url, expiresAt }) {
      if (url !== undefined) await unregisterPush(session, { url, expiresAt });
    },
    close: () => end?.(),
  };
}
