import type { Sampler } from '../kernel/index.ts';
import { retryWaitMs } from '../network/index.ts';
import type { Airtime } from './airtime.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { Guard } from './guard.ts';
import type { PushMessage } from './push-message.ts';
import type { Requests } from './requests.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const connectCause = causeIndex('connect');

/** How a push client without rules of its own comes back: at once, then at twice the time, up to a minute. */
const defaultRules = {
  most: 0,
  firstMs: 1000,
  factor: 2,
  maxMs: 60_000,
  jitter: 0.5,
  obeysRetryAfter: false,
};

/**
 * Push connections that end at the server itself: a restart breaks them all at one instant, and the devices come
 * back as fast as their rules allow. Messages for a device without a connection are kept for it.
 */
export class PushConnections {
  private readonly world: World;
  private readonly guard: Guard;
  private readonly airtime: Airtime;
  private readonly requests: Requests;
  private readonly reconnectMs: Sampler;
  /** By device, 1 while it has no connection. */
  private readonly broken: Uint8Array;
  private readonly kept = new Map<number, PushMessage[]>();

  constructor(world: World, guard: Guard, airtime: Airtime, requests: Requests, reconnectMs: Sampler) {
    this.world = world;
    this.guard = guard;
    this.airtime = airtime;
    this.requests = requests;
    this.reconnectMs = reconnectMs;
    this.broken = new Uint8Array(world.layout.devices);
    for (const [restart, { atMs }] of (world.spec.server.restarts ?? []).entries()) {
      const tick = Math.round(atMs * 1000);
      if (tick >= world.window.to) break;
      world.queue.push(tick, world.layout.devices, eventCode(eventKinds.restart, restart));
    }
  }

  /** All connections break. */
  restart(tick: number): void {
    const { world } = this;
    if (tick >= world.window.to) return;
    for (let device = 0; device < world.layout.devices; device += 1) {
      const kind = world.kindOf(device);
      if (!kind.pushed || this.broken[device] === 1) continue;
      this.broken[device] = 1;
      // The end of a connection reaches only those who are online; the others find out when they are back.
      const told = tick + (this.requests.roundTrip(device, kind) >> 1);
      this.announce(device, 1, told);
    }
  }

  /** A device tries to connect for the `tries`-th time. */
  reconnect(device: number, tries: number, tick: number): void {
    const { world, guard } = this;
    const kind = world.kindOf(device);
    const roundTrip = this.requests.roundTrip(device, kind);
    const ready = this.airtime.ready(device, kind, tick);
    if (guard.availability.isDown(ready + (roundTrip >> 1))) {
      this.airtime.wait(device, kind, ready + roundTrip);
      const rules = kind.group.client.retries ?? defaultRules;
      const wait = retryWaitMs(rules, tries, NaN, guard.draw(device));
      this.announce(device, tries + 1, ready + roundTrip + Math.round(wait * 1000));
      return;
    }
    const { up, down } = world.spec.wire.connect;
    world.traffic.bytes(tick, connectCause, up, down);
    const sent = this.airtime.transfer(device, kind, ready, up, down);
    const work = this.reconnectMs(world.keys.service, device, world.nextDraw(device));
    const ticks = Math.round(work * 1000);
    const done = guard.work(tick, ticks);
    world.traffic.work(tick, ticks);
    const back = this.airtime.wait(device, kind, Math.max(sent, done) + roundTrip);
    this.broken[device] = 0;
    this.airtime.pushConnected(device, back);
    guard.failures.reconnected(tick);
    for (const { slot } of this.kept.get(device) ?? []) {
      world.queue.push(back, device, eventCode(eventKinds.pushed, slot));
    }
    this.kept.delete(device);
  }

  /** Keeps a message for a device without a connection, in the place of an older one about the same collection. */
  keeps(message: PushMessage): 'no' | 'kept' | 'replacing' {
    if (this.broken[message.device] !== 1) return 'no';
    const kept = this.kept.get(message.device) ?? [];
    const older = kept.findIndex(({ place }) => place === message.place);
    if (older >= 0) kept.splice(older, 1);
    kept.push(message);
    this.kept.set(message.device, kept);
    return older >= 0 ? 'replacing' : 'kept';
  }

  private announce(device: number, tries: number, tick: number): void {
    const online = this.world.onlineAt(device, tick);
    if (online === Infinity) return;
    this.world.queue.push(online, device, eventCode(eventKinds.reconnect, tries));
  }
}
