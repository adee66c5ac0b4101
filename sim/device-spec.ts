import type { Urgency } from './policy/index.ts';
import type { LinkSpec, RadioSpec } from './radio-spec.ts';
import type { Distribution } from './distribution.ts';

/** Recurring hours of the day by the clock of the device's user, such as 9 to 18; from 22 to 7 spans midnight. */
export interface DailyHours {
  readonly from: number;
  readonly to: number;
  /** Each device has its hours earlier or later by up to half of this, so that not all begin at one instant. */
  readonly spreadMs: number;
}

/** What people do with their devices. */
export interface UsageSpec {
  /** Spells with the screen on, evenly so many a day within the hours (all day when absent), each so long. */
  readonly screen?: {
    readonly perDay: number;
    readonly lengthMs: Distribution;
    readonly hours?: Omit<DailyHours, 'spreadMs'>;
    /** Share of the spells in which the user opens the app that syncs; 0 when absent. */
    readonly opens?: number;
  };
  /** On a charger. */
  readonly charging?: DailyHours;
  /** Carried about: the device never lies still for long. */
  readonly carried?: DailyHours;
  /** How long a full charge lasts; only battery savers need it. */
  readonly batteryLifeMs?: number;
}

/** What an operating system lets apps do in the background. All that is absent is unlimited. */
export interface OsSpec {
  readonly name: string;
  /** Idle states that a device enters when left alone off the charger: `light` at once, `deep` when it lies still. */
  readonly doze?: { readonly light?: DozeLadder; readonly deep?: DozeLadder };
  /** Background contacts on battery, but for those while the app is open: each entry lets so many start within any span of its length. */
  readonly quotas?: readonly ContactQuota[];
  /** Background contacts run on a charger only. */
  readonly onChargerOnly?: boolean;
  /** Pushes below this urgency wait until the device leaves its idle state; absent when all wake it. */
  readonly wakingUrgency?: Urgency;
  /** What it forbids while the battery is low. */
  readonly batterySaver?: BatterySaverSpec;
  /** The app may use the network for so long after a push that woke the device; for as long as it likes when absent. */
  readonly pushGraceMs?: number;
}

/**
 * A mode that saves what is left of a charge: background contacts wait for a charger or the user who opens the app, and
 * so do pushes below an urgency (RFC 8030 section 5.3 names `high` as what devices low on battery still take).
 */
export interface BatterySaverSpec {
  /** It is on below this share of a full charge. */
  readonly below: number;
  /** Share of the devices on which it is used; all when absent. */
  readonly share?: number;
  /** Pushes of this urgency get through; all when absent. */
  readonly wakingUrgency?: Urgency;
}

/** Maintenance windows of an idle state: after `afterMs`, idle spells that grow, each followed by a window that grows. */
export interface DozeLadder {
  /** From the last use to the first idle spell. */
  readonly afterMs: number;
  readonly idleMs: number;
  readonly idleFactor: number;
  readonly maxIdleMs: number;
  readonly windowMs: number;
  readonly windowFactor: number;
  readonly maxWindowMs: number;
}

export interface ContactQuota {
  readonly contacts: number;
  readonly withinMs: number;
}

/** A part of the users who live by one clock; weights are relative. */
export interface TimeZoneSpec {
  readonly offsetHours: number;
  readonly weight: number;
}

/** The second network of devices that change between two, such as Wi-Fi at home and at work. */
export interface RoamingSpec {
  readonly radio: RadioSpec;
  readonly link: LinkSpec;
  /** When it is used; connections do not outlive a change. */
  readonly hours: readonly DailyHours[];
}

/** Transfers of other apps, which find the radio awake after a sync, or are found by one. */
export interface OtherTraffic {
  /** From the start of one transfer to that of the next. */
  readonly gapMs: Distribution;
  /** How long the radio is active for one. */
  readonly lengthMs: Distribution;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /**
   * What of the radio's energy, and of its wake-ups, is put down to syncing. `marginal`: what both cost more than
   * the other traffic alone. `shapley`: the mean of that and of what syncing would cost alone, which shares fairly
   * what each saves the other (the Shapley value of two players).
   */
  readonly attribution: 'marginal' | 'shapley';
}
