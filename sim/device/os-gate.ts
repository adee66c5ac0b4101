import type { Urgency } from '../policy/index.ts';
import type { OsSpec } from '../spec.ts';
import { BatterySaver } from './battery-saver.ts';
import { DozeWindows } from './doze-windows.ts';
import { urgencyRank } from './urgency-rank.ts';
import type { Usage } from './usage.ts';

const mostSteps = 1000;

/**
 * When the operating system lets a background contact run: wanted instant in, allowed instant out. A device left
 * alone off the charger waits for maintenance windows; an app that is not open has a quota while on battery, and nothing
 * while a battery saver is on.
 * Times are ticks (microseconds) on the user's clock.
 */
export class OsGate {
  private readonly usage: Usage;
  private readonly light: DozeWindows | undefined;
  private readonly deep: DozeWindows | undefined;
  private readonly onChargerOnly: boolean;
  private readonly quotas: readonly { readonly contacts: number; readonly within: number }[];
  /** The last background contacts of each device, a ring of `kept` starts, and how many there were. */
  private readonly kept: number;
  private readonly starts: Float64Array;
  private readonly counts: Uint32Array;
  private readonly waking: number;
  private readonly pushGrace: number;
  private readonly saver: BatterySaver | undefined;

  constructor(spec: OsSpec, usage: Usage, devices: number) {
    this.usage = usage;
    this.light = spec.doze?.light && new DozeWindows(spec.doze.light);
    this.deep = spec.doze?.deep && new DozeWindows(spec.doze.deep);
    this.onChargerOnly = spec.onChargerOnly ?? false;
    this.quotas = (spec.quotas ?? []).map(({ contacts, withinMs }) => ({
      contacts,
      within: withinMs * 1000,
    }));
    this.kept = Math.max(0, ...this.quotas.map(({ contacts }) => contacts));
    this.starts = new Float64Array(devices * this.kept).fill(-Infinity);
    this.counts = new Uint32Array(this.kept === 0 ? 0 : devices);
    this.waking = urgencyRank(spec.wakingUrgency ?? 'very-low');
    this.saver = spec.batterySaver && new BatterySaver(spec.batterySaver, usage);
    this.pushGrace = (spec.pushGraceMs ?? Infinity) * 1000;
  }

  /** The first instant from `tick` on at which a background contact may start. */
  contactAt(device: number, tick: number): number {
    if (this.onChargerOnly) return this.usage.nextCharge(device, tick);
    let at = tick;
    for (let step = 0; step < mostSteps; step += 1) {
      const saved = this.saver?.contactAt(device, at) ?? at;
      const later = saved === Infinity ? saved : this.dozeAt(device, this.quotaAt(device, saved));
      if (later === at || later === Infinity) return later;
      at = later;
    }
    return at;
  }

  /** When a push message of an urgency gets through that reached the device's push service at `tick`. */
  pushAt(device: number, tick: number, urgency: Urgency): number {
    let at = tick;
    for (let step = 0; step < mostSteps; step += 1) {
      const saved = this.saver?.pushAt(device, at, urgency) ?? at;
      const awake = saved === Infinity || urgencyRank(urgency) >= this.waking;
      const later = awake ? saved : this.dozeAt(device, saved);
      if (later === at || later === Infinity) return later;
      at = later;
    }
    return at;
  }

  /** When the contact may start that a push at `tick` led to, and that is wanted at `wanted`. */
  pushedContactAt(device: number, tick: number, wanted: number): number {
    return wanted - tick <= this.pushGrace ? wanted : this.dozeAt(device, wanted);
  }

  /** Notes a contact, which uses up its quota unless the app is open or the device on a charger. */
  began(device: number, tick: number): void {
    if (this.kept === 0 || this.usage.nextFreedom(device, tick) === tick) return;
    const count = this.counts[device] ?? 0;
    this.starts[device * this.kept + (count % this.kept)] = tick;
    this.counts[device] = count + 1;
  }

  /** When the quota allows the next contact, or does not apply. */
  private quotaAt(device: number, tick: number): number {
    let at = tick;
    for (const { contacts, within } of this.quotas) {
      const nth = (this.counts[device] ?? 0) - contacts;
      if (nth < 0) continue;
      at = Math.max(at, (this.starts[device * this.kept + (nth % this.kept)] ?? -Infinity) + within);
    }
    return at === tick ? at : Math.min(at, this.usage.nextFreedom(device, tick));
  }

  /** The end of the idle spell that `tick` lies in: a maintenance window, or the user. */
  private dozeAt(device: number, tick: number): number {
    const { light, deep, usage } = this;
    if (light === undefined && deep === undefined) return tick;
    let at = tick;
    for (let step = 0; step < mostSteps; step += 1) {
      // One that nobody ever uses was left alone at the first midnight.
      const touched = Math.max(0, usage.lastTouch(device, at));
      if (touched >= at) return at;
      const still = Math.max(touched, usage.lastCarried(device, at));
      const deepFrom = deep === undefined ? Infinity : still + deep.after;
      const later = this.windowAt(device, at, touched, still, deepFrom);
      if (later === at) return at;
      at = later;
    }
    return at;
  }

  /** One step out of an idle spell, as far as what governs it now reaches. */
  private windowAt(device: number, tick: number, touched: number, still: number, deepFrom: number): number {
    const { light, deep, usage } = this;
    const touch = usage.nextTouch(device, tick);
    if (tick >= deepFrom && deep !== undefined) {
      const window = still + deep.allowed(tick - still);
      return Math.min(touch, usage.nextCarried(device, tick), window);
    }
    if (light === undefined) return tick;
    const window = touched + light.allowed(tick - touched);
    // Deep idle takes over at its time, whatever light idle would have done.
    return Math.min(touch, window, usage.isCarried(device, tick) ? window : deepFrom);
  }
}
