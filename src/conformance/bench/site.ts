import type { Account } from '../../client/index.ts';
import {
  startRecordingEndpoint,
  type ListenAt,
  type RecordingEndpoint,
} from '../endpoint/recording-endpoint.ts';
import type { Login, Wire } from './asker.ts';
import type { Cleanup } from './cleanup.ts';
import type { Sample } from './sample.ts';

/** What all checks of one run share: the server, who asks, and where push messages come in. */
export interface Site {
  readonly wire: Wire;
  readonly login: Login;
  /** A second account on the same server, for what one user must not do to another. */
  readonly other: Login | undefined;
  readonly account: Account;
  /** Of the second account. */
  readonly otherAccount: Account | undefined;
  readonly listen: ListenAt;
  /** How long a message may take before it counts as not sent, ms. */
  readonly waitMs: number;
  /** Makes the server change its VAPID keys; undefined when nobody can. */
  readonly rotateKeys: (() => Promise<unknown>) | undefined;
  readonly cleanup: Cleanup;
  readonly signal: AbortSignal;
  /** One subscription and two messages to it, made once and looked at by many checks. */
  readonly sample: () => Promise<Sample>;
  /** An endpoint for one check. */
  readonly endpoint: () => Promise<RecordingEndpoint>;
}

/**
 * Gives every check a listener of its own, so that an endpoint that fails on purpose gives no other a bad name.
 * With a fixed port there is room for one listener only, and all share it.
 */
export function createEndpoints(listen: ListenAt): {
  readonly take: () => Promise<RecordingEndpoint>;
  readonly close: () => Promise<void>;
} {
  const opened: Promise<RecordingEndpoint>[] = [];
  const open = (): Promise<RecordingEndpoint> => {
    const endpoint = startRecordingEndpoint(listen);
    opened.push(endpoint);
    return endpoint;
  };
  return {
    take: () => (listen.port === 0 ? open() : (opened[0] ?? open())),
    close: async () => {
      await Promise.all(
        opened.map(async (endpoint) => {
          const [outcome] = await Promise.allSettled([endpoint]);
          if (outcome.status === 'fulfilled') await outcome.value.close();
        }),
      );
    },
  };
}
