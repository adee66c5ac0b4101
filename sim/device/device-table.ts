/** Length of a row in doubles. */
export const doubles = 5;
const words = 2 * doubles;

/**
 * What the run keeps of each device, in one row of 40 bytes so that an event touches one cache line: reading and
 * writing go through the columns below, `times[row(device) + column]` and `counts[2 * row(device) + column]`.
 * Times are in ticks (microseconds).
 */
export class DeviceTable {
  readonly times: Float64Array;
  readonly counts: Uint32Array;
  /** How often the policy of each device drew; empty in fleets in which none does after the first contact. */
  readonly policyDraws: Uint32Array;

  constructor(devices: number, policiesDraw: boolean) {
    const memory = new ArrayBuffer(devices * doubles * 8);
    this.times = new Float64Array(memory);
    this.counts = new Uint32Array(memory);
    this.policyDraws = new Uint32Array(policiesDraw ? devices : 0);
  }
}

/** Where the row of a device starts in `times`. */
export const row = (device: number): number => device * doubles;
/** Where the row of a device starts in `counts`. */
export const countRow = (device: number): number => device * words;

/** Columns of `times`. */
export const lastActive = 0;
export const scheduledAt = 1;
/** End of the last contact; `Infinity` during one. */
export const busyUntil = 2;
/** When the connection to the server was last used. */
export const connectionUsed = 3;

/** Columns of `counts`, behind the four times: draws that are not the policy's. */
export const otherDraws = 8;
/** Versions of its collections that the device does not know yet, its own among them. */
export const unseen = 9;
