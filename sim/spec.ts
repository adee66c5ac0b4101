import type { ChangeProcess, WriteMix } from './change-spec.ts';
import type { Distribution } from './distribution.ts';
import type { Importance } from './importance.ts';
import type { PerRequest } from './per-request.ts';
import type { LinkSpec, RadioSpec } from './radio-spec.ts';
import type {
  DailyHours,
  OsSpec,
  OtherTraffic,
  RoamingSpec,
  TimeZoneSpec,
  UsageSpec,
} from './device-spec.ts';
import type { ServerSpec } from './server-spec.ts';
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
  /** By which it is drawn who shares what and who lives in which time zone, so that runs of several seeds can be of one fleet; `seed` when absent. */
  readonly layoutSeed?: number;
  readonly durationMs: number;
  /** Time before the counted duration that is run but not counted. */
  readonly warmUpMs: number;
  readonly users: number;
  /** By what clocks the users live; all by that of the run, whose first day is a Monday, when absent. */
  readonly timeZones?: readonly TimeZoneSpec[];
  readonly deviceGroups: readonly DeviceGroup[];
  readonly collectionGroups: readonly CollectionGroup[];
  readonly pushPolicy: PushPolicySpec;
  readonly pushService: PushServiceSpec;
  readonly transport: TransportSpec;
  readonly wire: WireCosts;
  readonly server: ServerSpec;
}

export type * from './change-spec.ts';
export type * from './distribution.ts';
export * from './importance.ts';
export * from './per-request.ts';
export type * from './device-spec.ts';
export type * from './radio-spec.ts';
export type * from './server-spec.ts';

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
  /** The push service of these devices instead of the run's; `null` for devices without one. */
  readonly pushService?: PushServiceSpec | null;
  /** Interval of the keep-alives on this group's push connections, instead of the push service's own; 0 for none. */
  readonly keepAliveMs?: number;
  /** The devices begin to ask one after the other: the first at `fromMs`, the last `overMs` later; all at once at 0 when absent. */
  readonly starts?: { readonly fromMs: number; readonly overMs: number };
  /** When the devices are reachable; always when absent. */
  readonly connectivity?: ConnectivitySpec;
  /** What people do with the devices; never touched when absent. */
  readonly usage?: UsageSpec;
  /** What the operating system lets the client do in the background; everything when absent. */
  readonly os?: OsSpec;
  /** A second radio, used instead of the first within its hours. */
  readonly roaming?: RoamingSpec;
  /** What other apps transfer. */
  readonly otherTraffic?: OtherTraffic;
  /** Usable battery energy in joules; absent for devices on mains. */
  readonly batteryJ?: number;
  /** Mean voltage of the battery, for charges in mAh. */
  readonly batteryVolts?: number;
}

/** When a device is reachable: in recurring hours, and outside of random spells. Both apply. */
export interface ConnectivitySpec {
  /** Hours of the day, such as 9 to 18, on days with a weight above 0 from Monday; every day when absent. */
  readonly hours?: {
    readonly from: number;
    readonly to: number;
    readonly days?: readonly number[];
    /** Each device has its hours earlier or later by up to half of this; 0 when absent. */
    readonly spreadMs?: number;
  };
  /** Airplane mode in recurring hours, on a share of the devices. */
  readonly airplane?: DailyHours & { readonly share: number };
  /** Spells without a network: so many a day, each so long. */
  readonly spells?: { readonly perDay: number; readonly lengthMs: Distribution };
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
  /** What the changes do; all are edits when absent. */
  readonly writes?: WriteMix;
  readonly objectBytes: Distribution;
  /** Relative weights of the importance of a change. */
  readonly importance: Readonly<Record<Importance, number>>;
  /** `device`: a device of a random member writes; `external`: the change arises at the server. */
  readonly writer: 'device' | 'external';
}

/** What a real client sends; the same profile drives the simulator and the live fleet. */
export interface ClientProfile {
  readonly name: string;
  /**
   * Asked first. `sync-token`: each collection; `home`: one request shows the tokens of all. What shows nothing new
   * is left at that. `none` goes straight to the report of each collection.
   */
  readonly check: 'none' | 'sync-token' | 'home';
  /** How a collection is compared: by the changes since a token (the default), or by the ETags of all its objects. */
  readonly report?: 'sync-collection' | 'list';
  /** The report carries the bodies, so that no multiget follows. */
  readonly inline?: boolean;
  /** Objects fetched by one multiget. */
  readonly multigetBatch: number;
  /** Multigets of one contact under way at once; 1 by default. */
  readonly concurrency?: number;
  /** The client's own default interval of polls. */
  readonly intervalMs?: number;
  /** A request that has no answer after so long is given up, and its connection closed; never when absent. */
  readonly timeoutMs?: number;
  /** What follows a request that failed; when absent the contact ends there, and a write is tried each minute. */
  readonly retries?: RetrySpec;
}

/** Tries again after a failed request: the n-th after `firstMs`·`factor`^(n-1), at most `maxMs`, each put off at random by up to `jitter` of that. */
export interface RetrySpec {
  /** Tries in one contact after its first; writes are tried until they are through. */
  readonly most: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** A share of the wait. */
  readonly jitter: number;
  /** Waits, and starts no contact, for at least as long as Retry-After says (RFC 9110 section 10.2.3). */
  readonly obeysRetryAfter: boolean;
}

/** How requests reach the server; decides which wire costs apply. */
export interface TransportSpec {
  readonly http: '1.1' | '2';
  readonly tls: boolean;
  /** A connection idle for longer is closed and the next request pays for a new one. */
  readonly keepAliveMs: number;
}

/** Bytes on the socket (headers and TLS records included) by kind of request, measured on a real server. */
export interface WireCosts {
  readonly name: string;
  /** A new connection: TCP payload of the TLS handshake, zero in clear text. */
  readonly connect: { readonly up: number; readonly down: number };
  readonly requests: PerRequest<RequestCost>;
  /** One push message, push service to device, framing included; and the message from server to push service. */
  readonly pushToDevice: { readonly up: number; readonly down: number };
  readonly pushToService: { readonly up: number; readonly down: number };
  /** One keep-alive of the push connection. */
  readonly keepAlive: { readonly up: number; readonly down: number };
}

/** `up` + `upPerItem`·n and `down` + `downPerItem`·n, n = changes reported, objects fetched, put or listed, or collections in the home. Object bodies are added. */
export interface RequestCost {
  readonly up: number;
  readonly upPerItem: number;
  readonly down: number;
  readonly downPerItem: number;
}

/** A token bucket for each device. */
export interface ThrottleSpec {
  readonly burst: number;
  readonly refillMs: number;
  readonly over: 'delay' | 'drop';
  /** Messages that do not replace others pass freely. */
  readonly topicsOnly?: boolean;
}

export interface PushServiceSpec {
  readonly name: string;
  /** Acceptance by the push service to arrival at a connected device that is awake. */
  readonly delayMs: Distribution;
  /** Share of messages that vanish without trace. */
  readonly loss: number;
  /** Interval of the keep-alives on the device's connection; 0 for none. */
  readonly keepAliveMs: number;
  /** Messages to one device beyond a burst are let through one each `refillMs`; the others wait or vanish. */
  readonly throttle?: ThrottleSpec;
  /** A second such limit, on top. */
  readonly deviceLimit?: ThrottleSpec;
  /** How many messages it keeps for a device out of reach, the newest; any number when absent. */
  readonly mostStored?: number;
  /** While it is down: messages are refused, and the server tries again when it is back, or they vanish. */
  readonly outages?: readonly { readonly fromMs: number; readonly toMs: number; readonly lost: boolean }[];
}
