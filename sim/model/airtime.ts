import { lastActive, row } from '../device/index.ts';
import { uniform } from '../kernel/index.ts';
import type { DeviceKind } from './device-kind.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const keepAliveCause = causeIndex('keep-alive');

/**
 * Puts transfers on the radios of devices. Keep-alives of push connections are not events: those that were due
 * since a device's last activity are caught up before its next one.
 */
export class Airtime {
  private readonly world: World;
  private readonly keepAliveAt: Float64Array;

  constructor(world: World) {
    this.world = world;
    const kept = world.kinds.some((kind) => kind.keepAliveTicks > 0);
    this.keepAliveAt = new Float64Array(kept ? world.layout.devices : 0);
    for (let device = 0; device < this.keepAliveAt.length; device += 1) {
      const phase = uniform(world.keys.keepAlivePhase, device, 0);
      this.keepAliveAt[device] = Math.round(world.kindOf(device).keepAliveTicks * phase);
    }
  }

  /** When the device can send, if it wants to at `tick`. */
  ready(device: number, kind: DeviceKind, tick: number): number {
    if (kind.keepAliveTicks > 0) this.catchUp(device, kind, tick);
    const { times } = this.world.devices;
    const column = row(device) + lastActive;
    const last = times[column] ?? 0;
    const ready = kind.radio.ready(last, tick);
    if (ready > last) times[column] = ready;
    return ready;
  }

  /** The radio stays awake to `tick`, waiting for what it has asked for; returns `tick`. */
  wait(device: number, kind: DeviceKind, tick: number): number {
    const { times } = this.world.devices;
    const column = row(device) + lastActive;
    const last = times[column] ?? 0;
    if (tick > last) {
      kind.radio.linger(last, tick);
      times[column] = tick;
    }
    return tick;
  }

  isIdle(device: number, kind: DeviceKind, tick: number): boolean {
    if (kind.keepAliveTicks > 0) this.catchUp(device, kind, tick);
    return kind.radio.isIdle(this.world.devices.times[row(device) + lastActive] ?? 0, tick);
  }

  /** Transfers from `start`, when the device is ready; returns when the last byte is through. */
  transfer(device: number, kind: DeviceKind, start: number, bytesUp: number, bytesDown: number): number {
    const { times } = this.world.devices;
    const end = start + kind.ticksOf(bytesUp, bytesDown);
    const column = row(device) + lastActive;
    times[column] = kind.radio.transfer(times[column] ?? 0, start, end, bytesUp, bytesDown);
    return end;
  }

  /** A keep-alive or push message at `tick`, which may pass without waking the radio fully; returns when it is through. */
  small(device: number, kind: DeviceKind, tick: number, bytesUp: number, bytesDown: number): number {
    const { times } = this.world.devices;
    const column = row(device) + lastActive;
    const last = times[column] ?? 0;
    const carried = kind.radio.carried(last, tick, bytesUp, bytesDown);
    if (!Number.isNaN(carried)) {
      times[column] = carried;
      return tick + kind.ticksOf(bytesUp, bytesDown);
    }
    const ready = kind.radio.ready(last, tick);
    if (ready > last) times[column] = ready;
    return this.transfer(device, kind, ready, bytesUp, bytesDown);
  }

  /** Accounts for the rest of the counted time of a device. */
  finish(device: number, kind: DeviceKind): void {
    const end = this.world.window.to;
    if (kind.keepAliveTicks > 0) this.catchUp(device, kind, end);
    const last = this.world.devices.times[row(device) + lastActive] ?? 0;
    if (last < end) kind.radio.rest(last, end);
  }

  private catchUp(device: number, kind: DeviceKind, tick: number): void {
    const { up, down } = this.world.spec.wire.keepAlive;
    let at = this.keepAliveAt[device] ?? Infinity;
    while (at < tick) {
      if (this.world.onlineAt(device, at) === at) {
        this.world.traffic.bytes(at, keepAliveCause, up, down);
        this.small(device, kind, at, up, down);
      }
      at += kind.keepAliveTicks;
    }
    this.keepAliveAt[device] = at;
  }
}
