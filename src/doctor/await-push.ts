import type { PushResource, Received, RecordingEndpoint } from '../conformance/index.ts';
import { decryptPush, parsePushMessage, type PushMessage } from '../client/index.ts';
import { Trouble } from './step.ts';

/** The message about the change. @throws Trouble when none comes */
export async function awaitPush(
  resource: PushResource,
  endpoint: RecordingEndpoint,
  waitMs: number,
  signal: AbortSignal,
): Promise<Received> {
  const received = await resource.find(() => true, waitMs, signal);
  if (received !== undefined) return received;
  if (endpoint.strays.length > 0) {
    throw new Trouble(
      `the server (or something else) came to ${endpoint.origin}, but to another address than it was given: ${endpoint.strays[0] ?? ''}`,
      ['look for a proxy that rewrites paths between the server and here'],
    );
  }
  throw new Trouble(
    `the server accepted the subscription, but no push message came within ${Math.round(waitMs / 1000)} s`,
    [
      `check that the server can reach ${endpoint.origin}: from the server, curl ${endpoint.origin}/ must be answered with 404`,
      'check whether the server sends push messages in a background job, and that the job runs',
      'look into the log of the server for refused or failed push messages: many servers refuse private addresses (--listen with a public one, or --public-url)',
      'some servers gather changes for longer: try --wait 120',
    ],
  );
}

/** What the message says. @throws Trouble when it cannot be read or is about something else */
export function readPush(resource: PushResource, received: Received, topic: string): PushMessage {
  let text: string;
  try {
    text = decryptPush(resource.keys, received.body).toString('utf8');
  } catch {
    throw new Trouble('a push message came, but it cannot be decrypted', [
      'the server does not encrypt for the keys of the subscription (RFC 8291): report it to its authors',
    ]);
  }
  const message = parsed(text);
  if (message?.topic === topic) return message;
  throw new Trouble('a push message came, but it does not name the calendar that changed', [
    'clients then either ignore it or ask for everything: report it to the authors of the server',
    'see every clause that the server does not keep: davpulse conformance',
  ]);
}

function parsed(text: string): PushMessage | undefined {
  try {
    return parsePushMessage(text);
  } catch {
    return undefined;
  }
}
