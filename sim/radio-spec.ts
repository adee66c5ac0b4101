import type { Distribution } from './distribution.ts';

/**
 * A radio as data: the states it passes through after a transfer, and what each costs. After the last byte it
 * stays in `tail[0]`, then `tail[1]` …, then `idle`. A transfer that finds it idle pays the promotion first.
 */
export interface RadioSpec {
  readonly name: string;
  /** From idle to the active state. */
  readonly promotion: Promotion;
  readonly active: {
    readonly watts: number;
    readonly wattsPerMbpsUp: number;
    readonly wattsPerMbpsDown: number;
  };
  readonly tail: readonly RadioStage[];
  readonly idleWatts: number;
  /** Listening for pages while idle, on top of `idleWatts`. */
  readonly idleDutyCycle?: DutyCycle;
  /** Delay of a message from the network to an idle device (paging or beacon wait). */
  readonly pagingMs: Distribution;
}

export interface Promotion {
  readonly ms: number;
  readonly watts: number;
}

/** One state after a transfer, before idle: an inactivity timer, a DRX level, FACH, RRC_INACTIVE. */
export interface RadioStage {
  readonly name: string;
  /** The timer that ends it. */
  readonly ms: number;
  readonly watts: number;
  readonly dutyCycle?: DutyCycle;
  /** What a transfer that begins in this state pays to become active; nothing when absent. */
  readonly promotion?: Promotion;
  /** Keep-alives and push messages up to this size pass without leaving the state; they restart its timer unless told not to. */
  readonly carries?: {
    readonly bytesUp: number;
    readonly bytesDown: number;
    readonly restartsTimer?: boolean;
  };
}

/** For `onMs` of every `cycleMs` the radio draws `onWatts` instead of the watts of its state. */
export interface DutyCycle {
  readonly onWatts: number;
  readonly onMs: number;
  readonly cycleMs: number;
}

/** The path from a device to the server. */
export interface LinkSpec {
  readonly name: string;
  readonly rttMs: Distribution;
  readonly mbpsUp: number;
  readonly mbpsDown: number;
  /** A connection silent for longer is forgotten on the way, by a NAT or firewall, and neither end is told; never when absent. */
  readonly natTimeoutMs?: number;
}
