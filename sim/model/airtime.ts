import { lastActive, row } from '../device/index.ts';
import { nearest, uniform } from '../kernel/index.ts';
import { Background } from './background.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Line } from './line.ts';
import { PushMappings } from './push-mappings.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const keepAliveCause = causeIndex('keep-alive');
const connectCause = causeIndex('connect');

const latestAlone = ({ lines }: DeviceKind): number[] =>
  lines.flatMap(({ alone }) => (alone === undefined ? [] : [alone.own.latest, alone.others.latest]));

/**
 * Puts transfers on the radios of devices. Keep-alives of push connections, transfers of other apps and changes of
 * the network are not events: those that were due since a device's last activity are caught up before its next one.
 */
export class Airtime {
  private readonly world: World;
  private readonly times: Float64Array;
  private readonly keepAliveAt: Float64Array;
  private readonly background: Background;
  /** What NATs remember of push connections; absent where nothing is forgotten. */
  private readonly mappings: PushMappings | undefined;
  /** When devices with two networks change to the other one; empty when there are none. */
  private readonly changeAt: Float64Array;
  /** When second radios were last active. */
  private readonly secondActive: Float64Array;

  constructor(world: World) {
    this.world = world;
    this.times = world.devices.times;
    const { devices } = world.layout;
    const { kinds } = world;
    this.background = new Background(world);
    const forgets = kinds.some(
      ({ keepAliveTicks, lines }) => keepAliveTicks > 0 && lines.some(({ natTicks }) => natTicks < Infinity),
    );
    this.mappings = forgets ? new PushMappings(devices) : undefined;
    this.keepAliveAt = new Float64Array(kinds.some((kind) => kind.keepAliveTicks > 0) ? devices : 0);
    for (let device = 0; device < this.keepAliveAt.length; device += 1) {
      const phase = uniform(world.keys.keepAlivePhase, device, 0);
      const { keepAliveTicks } = world.kindOf(device);
      const first = Math.round(keepAliveTicks * phase);
      this.keepAliveAt[device] = first;
      this.mappings?.used(device, first - keepAliveTicks);
    }
    const roams = kinds.some(({ second }) => second !== undefined);
    this.changeAt = new Float64Array(roams ? devices : 0);
    this.secondActive = new Float64Array(roams ? devices : 0);
    for (let device = 0; device < this.changeAt.length; device += 1) {
      this.changeAt[device] = world.whereaboutsOf(device).networkChangeAfter(device, 0);
      this.secondActive[device] = world.kindOf(device).second?.radio.idleSinceStart ?? 0;
    }
  }

  /** The radio and path that a device uses for all that it does in the current event. */
  private line(device: number, kind: DeviceKind): Line {
    return kind.second === undefined ? kind.first : this.lineAt(device, kind, this.world.queue.tick);
  }

  /** The radio and path that a device uses at `tick`. */
  lineAt(device: number, kind: DeviceKind, tick: number): Line {
    const { first, second } = kind;
    if (second === undefined) return first;
    return this.world.whereaboutsOf(device).onSecond(device, tick) ? second : first;
  }

  /** When the device can send, if it wants to at `tick`. */
  ready(device: number, kind: DeviceKind, tick: number): number {
    if (kind.hasBackground) this.catchUp(device, kind, tick);
    const line = this.line(device, kind);
    line.alone?.own.ready(device, tick);
    return this.wake(device, kind, line, tick);
  }

  /** The radio stays awake to `tick`, waiting for what it has asked for; returns `tick`. */
  wait(device: number, kind: DeviceKind, tick: number): number {
    const line = this.line(device, kind);
    const last = this.lastOf(device, kind, line);
    if (tick > last) {
      line.radio.linger(last, tick);
      this.note(device, kind, line, tick);
    }
    line.alone?.own.linger(device, tick);
    return tick;
  }

  /** When a device hears of what the network has for it at `tick`: at once, or when its sleeping radio listens again. */
  heard(device: number, kind: DeviceKind, tick: number): number {
    if (kind.hasBackground) this.catchUp(device, kind, tick);
    const line = this.line(device, kind);
    if (!line.radio.isIdle(this.lastOf(device, kind, line), tick)) return tick;
    const { keys } = this.world;
    return tick + nearest(line.pagingMs(keys.paging, device, this.world.nextDraw(device)) * 1000);
  }

  /** Transfers from `start`, when the device is ready; returns when the last byte is through. */
  transfer(device: number, kind: DeviceKind, start: number, bytesUp: number, bytesDown: number): number {
    const line = this.line(device, kind);
    line.alone?.own.transfer(device, start, start + line.ticksOf(bytesUp, bytesDown), bytesUp, bytesDown);
    return this.transferOn(line, device, kind, start, bytesUp, bytesDown);
  }

  /**
   * When a push message gets through to a device that can be reached at `tick`: at once, or with the keep-alive that
   * finds the push connection forgotten.
   */
  getsThrough(device: number, kind: DeviceKind, tick: number): number {
    if (this.mappings === undefined || kind.keepAliveTicks === 0) return tick;
    this.catchUp(device, kind, tick);
    const isForgotten = this.mappings.isForgotten(device, this.lineAt(device, kind, tick), tick);
    return isForgotten ? (this.keepAliveAt[device] ?? 0) + 1 : tick;
  }

  /** A device has made its push connection anew, at `tick`. */
  pushConnected(device: number, tick: number): void {
    this.mappings?.used(device, tick);
  }

  /** A push message at `tick`, which may pass without waking the radio fully; returns when it is through. */
  small(device: number, kind: DeviceKind, tick: number, bytesUp: number, bytesDown: number): number {
    this.mappings?.used(device, tick);
    return this.smallOn(this.line(device, kind), device, kind, tick, bytesUp, bytesDown);
  }

  private transferOn(
    line: Line,
    device: number,
    kind: DeviceKind,
    start: number,
    bytesUp: number,
    bytesDown: number,
  ): number {
    const end = start + line.ticksOf(bytesUp, bytesDown);
    const last = this.lastOf(device, kind, line);
    this.note(device, kind, line, line.radio.transfer(last, start, end, bytesUp, bytesDown));
    return end;
  }

  private smallOn(
    line: Line,
    device: number,
    kind: DeviceKind,
    tick: number,
    bytesUp: number,
    bytesDown: number,
  ): number {
    line.alone?.own.small(device, tick, line.ticksOf(bytesUp, bytesDown), bytesUp, bytesDown);
    const carried = line.radio.carried(this.lastOf(device, kind, line), tick, bytesUp, bytesDown);
    if (Number.isNaN(carried)) {
      const ready = this.wake(device, kind, line, tick);
      return this.transferOn(line, device, kind, ready, bytesUp, bytesDown);
    }
    this.note(device, kind, line, carried);
    return line.radio.carriedFrom + line.ticksOf(bytesUp, bytesDown);
  }

  /** The end of all activity that is accounted for. */
  latest(): number {
    let latest = Math.max(0, ...this.world.kinds.flatMap(latestAlone));
    for (const tick of this.secondActive) latest = Math.max(latest, tick);
    for (let device = 0; device < this.world.layout.devices; device += 1)
      latest = Math.max(latest, this.times[row(device) + lastActive] ?? 0);
    return latest;
  }

  /** Accounts for the rest of the counted time of a device. */
  finish(device: number, kind: DeviceKind): void {
    const end = this.world.window.to;
    if (kind.hasBackground) this.catchUp(device, kind, end);
    for (const line of kind.lines) {
      const last = this.lastOf(device, kind, line);
      if (last < end) line.radio.rest(last, end);
      line.alone?.own.finish(device, end);
      line.alone?.others.finish(device, end);
    }
  }

  private wake(device: number, kind: DeviceKind, line: Line, tick: number): number {
    const last = this.lastOf(device, kind, line);
    const ready = line.radio.ready(last, tick);
    if (ready > last) this.note(device, kind, line, ready);
    return ready;
  }

  private lastOf(device: number, kind: DeviceKind, line: Line): number {
    return (line === kind.first ? this.times[row(device) + lastActive] : this.secondActive[device]) ?? 0;
  }

  private note(device: number, kind: DeviceKind, line: Line, tick: number): void {
    if (line === kind.first) this.times[row(device) + lastActive] = tick;
    else this.secondActive[device] = tick;
  }

  private catchUp(device: number, kind: DeviceKind, tick: number): void {
    if (kind.direct) {
      this.catchUpAll(device, kind, tick);
      return;
    }
    while ((this.keepAliveAt[device] ?? Infinity) < tick) {
      this.keepAlive(device, kind, this.keepAliveAt[device] ?? Infinity);
    }
  }

  /** As `catchUp`, for devices that do more than keep a connection alive. */
  private catchUpAll(device: number, kind: DeviceKind, tick: number): void {
    for (;;) {
      const keepAlive = kind.keepAliveTicks > 0 ? (this.keepAliveAt[device] ?? Infinity) : Infinity;
      const other = this.background.next(device);
      const change = kind.second === undefined ? Infinity : (this.changeAt[device] ?? Infinity);
      const at = Math.min(keepAlive, other, change);
      if (at >= tick) return;
      if (at === keepAlive) this.keepAlive(device, kind, at);
      else if (at === other) this.otherTransfer(device, kind, at);
      else this.changeNetwork(device, kind, at);
    }
  }

  private keepAlive(device: number, kind: DeviceKind, at: number): void {
    const { up, down } = this.world.spec.wire.keepAlive;
    this.keepAliveAt[device] = at + kind.keepAliveTicks;
    const online = this.world.onlineAt(device, at);
    const line = this.lineAt(device, kind, at);
    const isForgotten = online === at && this.mappings?.isForgotten(device, line, at) === true;
    // Who was away when a keep-alive was due connects anew on being back.
    this.mappings?.used(device, online);
    if (online !== at) return;
    this.world.traffic.bytes(at, keepAliveCause, up, isForgotten ? 0 : down);
    this.smallOn(line, device, kind, at, up, isForgotten ? 0 : down);
    if (isForgotten) this.connectPush(device, kind, at);
  }

  private otherTransfer(device: number, kind: DeviceKind, at: number): void {
    const { otherTraffic } = kind.group;
    if (otherTraffic === undefined) throw new RangeError(`device ${device} has no other traffic`);
    const { bytesUp, bytesDown } = otherTraffic;
    const length = this.background.take(device, otherTraffic);
    if (this.world.onlineAt(device, at) !== at) return;
    const line = this.lineAt(device, kind, at);
    const ready = this.wake(device, kind, line, at);
    const last = this.lastOf(device, kind, line);
    this.note(device, kind, line, line.radio.transfer(last, ready, ready + length, bytesUp, bytesDown));
    const alone = line.alone?.others;
    const awake = alone?.ready(device, at) ?? at;
    alone?.transfer(device, awake, awake + length, bytesUp, bytesDown);
  }

  /** The device is on its other network, where a push connection has to be made anew. */
  private changeNetwork(device: number, kind: DeviceKind, at: number): void {
    this.changeAt[device] = this.world.whereaboutsOf(device).networkChangeAfter(device, at);
    if (kind.keepAliveTicks === 0 || this.world.onlineAt(device, at) !== at) return;
    this.connectPush(device, kind, at);
  }

  private connectPush(device: number, kind: DeviceKind, at: number): void {
    const { up, down } = this.world.spec.wire.connect;
    this.world.traffic.bytes(at, connectCause, up, down);
    this.mappings?.used(device, at);
    this.smallOn(this.lineAt(device, kind, at), device, kind, at, up, down);
  }
}
