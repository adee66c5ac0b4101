import type { OfferedTransports, TransportName } from './offered-transports.ts';

/** What the client knows of the device it runs on. */
export interface ClientEnvironment {
  /** A push service can be reached and woken by. */
  readonly hasPushService: boolean;
  /** The device has a token of Apple's push. */
  readonly isAppleDevice: boolean;
  /** A connection to the DAV server may stay open for hours. */
  readonly mayHoldConnection: boolean;
  /** Runs on a battery, so that keep-alives of a connection of its own cost. */
  readonly onBattery: boolean;
}

/** The transport to use and why, and why each better one is not used. `poll`: none can be. */
export interface TransportChoice {
  readonly transport: TransportName | 'poll';
  readonly why: string;
  readonly rejected: readonly { readonly transport: TransportName; readonly why: string }[];
}

interface Rule {
  readonly transport: TransportName;
  readonly strength: string;
  readonly offered: (offered: OfferedTransports) => boolean;
  readonly needs: readonly {
    readonly holds: (environment: ClientEnvironment) => boolean;
    readonly else: string;
  }[];
}

/**
 * Best first: one connection that the system shares among all applications costs a battery least, and the
 * system's own is never cut by background rules.
 */
const rules: readonly Rule[] = [
  {
    transport: 'apple',
    strength: 'the system itself receives for all applications over one connection',
    offered: ({ apple }) => apple !== undefined,
    needs: [{ holds: ({ isAppleDevice }) => isAppleDevice, else: 'this is no Apple device' }],
  },
  {
    transport: 'web-push',
    strength: 'the push service is reachable and holds messages while the device is away',
    offered: ({ webPush, topic }) => webPush !== undefined && topic !== undefined,
    needs: [{ holds: ({ hasPushService }) => hasPushService, else: 'this device has no push service' }],
  },
  {
    transport: 'stream',
    strength: 'a connection to the server itself may stay open and needs no third party',
    offered: ({ stream, topic }) => stream !== undefined && topic !== undefined,
    needs: [
      { holds: ({ mayHoldConnection }) => mayHoldConnection, else: 'no connection may stay open here' },
      { holds: ({ onBattery }) => !onBattery, else: 'its keep-alives would drain the battery' },
    ],
  },
];

/**
 * Picks the best transport that is offered, that the device allows, and that is not known to fail at the moment
 * (`failing`: by name, the reason).
 */
export function chooseTransport(
  environment: ClientEnvironment,
  offered: OfferedTransports,
  failing: ReadonlyMap<TransportName, string> = new Map(),
): TransportChoice {
  const rejected: TransportChoice['rejected'][number][] = [];
  for (const rule of rules) {
    const why = obstacle(rule, environment, offered, failing);
    if (why === undefined) return { transport: rule.transport, why: rule.strength, rejected };
    rejected.push({ transport: rule.transport, why });
  }
  return { transport: 'poll', why: 'no push transport can be used', rejected };
}

function obstacle(
  { transport, offered: isOffered, needs }: Rule,
  environment: ClientEnvironment,
  offered: OfferedTransports,
  failing: ReadonlyMap<TransportName, string>,
): string | undefined {
  if (!isOffered(offered)) return 'the server does not offer it';
  const unmet = needs.find(({ holds }) => !holds(environment));
  if (unmet !== undefined) return unmet.else;
  const failure = failing.get(transport);
  return failure === undefined ? undefined : `it failed: ${failure}`;
}
