import type { PushPolicySpec, SyncPolicySpec } from './policy/index.ts';

/**
 * One run as both backends take it: plain JSON with everything resolved. Scenario files are expanded to
 * this; the simulator and the live fleet read nothing else. Times are milliseconds, sizes bytes.
 */
export interface RunSpec {
  /** The scenario that this run is a point of. */
  readonly scenario: string;
  /** Identity of the point in the sweep, e.g. `poll 15 min`; runs that differ only by seed share it. */
  readonly label: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Time before the counted duration that is run but not counted. */
  readonly warmUpMs: number;
  readonly users: number;
  readonly deviceGroups: readonly DeviceGroup[];
  readonly collectionGroups: readonly CollectionGroup[];
  readonly pushPolicy: PushPolicySpec;
  readonly pushService: PushServiceSpec;
  readonly transport: TransportSpec;
  readonly wire: WireCosts;
  readonly server: ServerSpec;
}

export type DeviceClass = 'phone' | 'tablet' | 'laptop' | 'desktop';

/** Devices that are alike. User `u` owns floor((u+1)·perUser) − floor(u·perUser) of them. */
export interface DeviceGroup {
  readonly name: string;
  readonly class: DeviceClass;
  readonly perUser: number;
  readonly radio: RadioSpec;
  readonly link: LinkSpec;
  readonly client: ClientProfile;
  readonly syncPolicy: SyncPolicySpec;
  /** Usable battery energy in joules; absent for devices on mains. */
  readonly batteryJ?: number;
}

/** Collections that are alike, each shared by `members` users; every user is in `perUser` of them. */
export interface CollectionGroup {
  readonly name: string;
  readonly kind: 'calendar' | 'addressbook' | 'tasks';
  /** Users who see one collection; 1 is a personal one. */
  readonly members: number;
  readonly perUser: number;
  /** Objects in each collection before the run starts. */
  readonly objects: number;
  readonly changes: ChangeProcess;
  readonly objectBytes: Distribution;
  /** Relative weights of the importance of a change. */
  readonly importance: Readonly<Record<Importance, number>>;
  /** `device`: a device of a random member writes; `external`: the change arises at the server. */
  readonly writer: 'device' | 'external';
}

export const importances = ['high', 'normal', 'low'] as const;
export type Importance = (typeof importances)[number];

/** How changes of one collection are spread over time. */
export type ChangeProcess = { readonly kind: 'poisson'; readonly perDay: number };

/** A random quantity; the unit is that of the field that holds it. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly p95: number };

/**
 * A radio as data: the states it passes through after a transfer, and what each costs. After the last byte it
 * stays in `tail[0]`, then `tail[1]` …, then `idle`. A transfer that finds it idle pays the promotion first.
 */
export interface RadioSpec {
  readonly name: string;
  readonly promotion: { readonly ms: number; readonly watts: number };
  readonly active: {
    readonly watts: number;
    readonly wattsPerMbpsUp: number;
    readonly wattsPerMbpsDown: number;
  };
  readonly tail: readonly { readonly name: string; readonly ms: number; readonly watts: number }[];
  readonly idleWatts: number;
  /** Delay of a message from the network to an idle device (paging or beacon wait). */
  readonly pagingMs: Distribution;
}

/** The path from a device to the server. */
export interface LinkSpec {
  readonly name: string;
  readonly rttMs: Distribution;
  readonly mbpsUp: number;
  readonly mbpsDown: number;
}

/** What a real client sends; the same profile drives the simulator and the live fleet. */
export interface ClientProfile {
  readonly name: string;
  /** Asked first, per collection; the contact ends there when it shows nothing new. `none` goes straight to the report. */
  readonly check: 'none' | 'sync-token';
  /** Objects fetched by one multiget. */
  readonly multigetBatch: number;
}

/** How requests reach the server; decides which wire costs apply. */
export interface TransportSpec {
  readonly http: '1.1' | '2';
  readonly tls: boolean;
  /** A connection idle for longer is closed and the next request pays for a new one. */
  readonly keepAliveMs: number;
}

export const requestKinds = [
  'sync-token',
  'sync-collection',
  'multiget',
  'put',
  'delete',
  'register',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Bytes on the socket (headers and TLS records included) by kind of request, measured on a real server. */
export interface WireCosts {
  readonly name: string;
  /** A new connection: TCP payload of the TLS handshake, zero in clear text. */
  readonly connect: { readonly up: number; readonly down: number };
  readonly requests: Readonly<Record<RequestKind, RequestCost>>;
  /** One push message, push service to device, framing included; and the message from server to push service. */
  readonly pushToDevice: { readonly up: number; readonly down: number };
  readonly pushToService: { readonly up: number; readonly down: number };
  /** One keep-alive of the push connection. */
  readonly keepAlive: { readonly up: number; readonly down: number };
}

/** `up` + `upPerItem`·n and `down` + `downPerItem`·n, n = changes reported, objects fetched or objects put. Object bodies are added. */
export interface RequestCost {
  readonly up: number;
  readonly upPerItem: number;
  readonly down: number;
  readonly downPerItem: number;
}

export interface PushServiceSpec {
  readonly name: string;
  /** Acceptance by the push service to arrival at a connected device that is awake. */
  readonly delayMs: Distribution;
  /** Share of messages that vanish without trace. */
  readonly loss: number;
  /** Interval of the keep-alives on the device's connection; 0 for none. */
  readonly keepAliveMs: number;
}

export interface ServerSpec {
  readonly name: string;
  readonly workers: number;
  /** Time of one worker for a request, by kind. */
  readonly serviceMs: Readonly<Record<RequestKind, Distribution>>;
  /** Worker time to encrypt and send one push message. */
  readonly pushMs: Distribution;
}
