import type { Urgency } from '../policy/index.ts';
import type { BatterySaverSpec } from '../spec.ts';
import { urgencyRank } from './urgency-rank.ts';
import type { Usage } from './usage.ts';

/** What a battery saver lets through. Times are ticks (microseconds) on the user's clock. */
export class BatterySaver {
  private readonly below: number;
  private readonly share: number;
  private readonly waking: number;
  private readonly usage: Usage;

  constructor({ below, share, wakingUrgency }: BatterySaverSpec, usage: Usage) {
    this.below = below;
    this.share = share ?? 1;
    this.waking = urgencyRank(wakingUrgency ?? 'very-low');
    this.usage = usage;
  }

  /** The first instant from `tick` on at which a background contact may start: on a charger, or with the app open. */
  contactAt(device: number, tick: number): number {
    return this.isOn(device, tick) ? this.usage.nextFreedom(device, tick) : tick;
  }

  /** When a push message gets through. */
  pushAt(device: number, tick: number, urgency: Urgency): number {
    return urgencyRank(urgency) >= this.waking ? tick : this.contactAt(device, tick);
  }

  private isOn(device: number, tick: number): boolean {
    return this.usage.chargeAt(device, tick) < this.below && this.usage.hasTrait(device, this.share);
  }
}
