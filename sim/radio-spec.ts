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
  /** Keep-alives and push messages that an idle radio lets pass in a stage of the tail, without becoming active. */
  readonly idleCarries?: SmallTransfers & { readonly in: string };
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
  /** Keep-alives and push messages that pass without making the radio active: in this state, or in one before it. */
  readonly carries?: SmallTransfers & {
    /** They restart the timer of the state that they pass in; true when absent. */
    readonly restartsTimer?: boolean;
  };
}

/** Transfers up to a size, and how they pass. Cell update from PCH and transfer in FACH is one (3GPP TS 25.331). */
export interface SmallTransfers {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The stage that they pass in, this or an earlier one; from its timer on the radio falls back. This one when absent. */
  readonly in?: string;
  /** What entering that stage takes first. */
  readonly promotion?: Promotion;
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
