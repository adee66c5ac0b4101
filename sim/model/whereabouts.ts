import { Connectivity, OsGate, Roaming, Usage } from '../device/index.ts';
import { streamKey, streams } from '../kernel/index.ts';
import type { Urgency } from '../policy/index.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';
import { zoneOf, type FleetLayout } from '../workload/index.ts';

const mostSteps = 1000;

/**
 * When the devices of a group can and may talk to the server: reachable, and let by their operating system. Takes
 * and gives ticks of the run; what it asks lives by the clocks of the users.
 */
export class Whereabouts {
  private readonly layout: FleetLayout;
  private readonly connectivity: Connectivity | undefined;
  private readonly gate: OsGate | undefined;
  private readonly roaming: Roaming | undefined;

  constructor({ connectivity, usage, os, roaming }: DeviceGroup, spec: RunSpec, layout: FleetLayout) {
    this.layout = layout;
    this.connectivity = connectivity && new Connectivity(connectivity, streamKey(spec.seed, streams.offline));
    const use = new Usage(usage ?? {}, streamKey(spec.seed, streams.usage));
    this.roaming = roaming && new Roaming(roaming, streamKey(spec.seed, streams.roaming));
    this.gate = os && new OsGate(os, use, layout.devices);
  }

  /** Devices are reachable at all times. */
  get always(): boolean {
    return this.connectivity === undefined;
  }

  /** The operating system has no say. */
  get ungated(): boolean {
    return this.gate === undefined;
  }

  /** What the clock of a device's user is ahead of that of the run by, ms. */
  zoneMs(device: number): number {
    if (this.layout.zoneMsOfUser.length === 0) return 0;
    return zoneOf(this.layout, this.layout.userOfDevice[device] ?? 0);
  }

  /** The first instant from `tick` on at which a device is reachable. */
  onlineAt(device: number, tick: number): number {
    if (this.connectivity === undefined) return tick;
    const zone = this.zoneMs(device) * 1000;
    return this.connectivity.onlineAt(device, tick + zone) - zone;
  }

  /** A device with two networks is on its second one. */
  onSecond(device: number, tick: number): boolean {
    return this.roaming?.onSecond(device, tick + this.zoneMs(device) * 1000) ?? false;
  }

  /** When a device next changes between its networks, after `tick`; `Infinity` for never. */
  networkChangeAfter(device: number, tick: number): number {
    if (this.roaming === undefined) return Infinity;
    const zone = this.zoneMs(device) * 1000;
    return this.roaming.nextChange(device, tick + zone) - zone;
  }

  /** The first instant from `tick` on at which a scheduled contact may start. */
  contactAt(device: number, tick: number): number {
    return this.settle(device, tick, (gate, local) => gate.contactAt(device, local));
  }

  /** The first instant from `tick` on at which a push message gets through to a device. */
  pushAt(device: number, tick: number, urgency: Urgency): number {
    return this.settle(device, tick, (gate, local) => gate.pushAt(device, local, urgency));
  }

  /** When a contact may start that a push at `tick` led to, and that is wanted at `wanted`. */
  pushedContactAt(device: number, tick: number, wanted: number): number {
    if (this.gate === undefined || wanted === Infinity) return wanted;
    const zone = this.zoneMs(device) * 1000;
    return this.gate.pushedContactAt(device, tick + zone, wanted + zone) - zone;
  }

  /** Notes that a scheduled contact started. */
  began(device: number, tick: number): void {
    this.gate?.began(device, tick + this.zoneMs(device) * 1000);
  }

  /** Waits for the network and for the operating system until both allow. */
  private settle(device: number, tick: number, gated: (gate: OsGate, local: number) => number): number {
    const { gate } = this;
    if (gate === undefined) return this.onlineAt(device, tick);
    const zone = this.zoneMs(device) * 1000;
    let at = tick;
    for (let step = 0; step < mostSteps && at < Infinity; step += 1) {
      const online = this.onlineAt(device, at);
      const allowed = online === Infinity ? Infinity : gated(gate, online + zone) - zone;
      if (allowed === at) return at;
      at = allowed;
    }
    return Infinity;
  }
}
