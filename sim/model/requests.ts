import { createSampler, type Sampler } from '../kernel/index.ts';
import { requestKinds, type RequestCost, type RequestKind } from '../spec.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Airtime } from './airtime.ts';
import { causeIndex, kindIndex } from './traffic.ts';
import type { World } from './world.ts';
import { connectionUsed, row } from '../device/index.ts';

const noCost: RequestCost = { up: 0, upPerItem: 0, down: 0, downPerItem: 0 };

/** Sends requests of devices and serves them: bytes, radio time, round trips and the queue of the server. */
export class Requests {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly costs: readonly RequestCost[];
  private readonly serviceMs: readonly Sampler[];
  private readonly constant: readonly boolean[];
  private readonly connectCause = causeIndex('connect');
  private readonly connectRoundTrips: number;
  private readonly keepAlive: number;

  constructor(world: World, airtime: Airtime) {
    const { spec } = world;
    this.world = world;
    this.airtime = airtime;
    this.costs = requestKinds.map((kind) => spec.wire.requests[kind]);
    this.serviceMs = requestKinds.map((kind) => createSampler(spec.server.serviceMs[kind]));
    this.constant = requestKinds.map((kind) => spec.server.serviceMs[kind].kind === 'constant');
    // One for TCP; TLS 1.3 adds one (RFC 8446 section 2).
    this.connectRoundTrips = spec.transport.tls ? 2 : 1;
    this.keepAlive = spec.transport.keepAliveMs * 1000;
  }

  /** Draws the round-trip time, in ticks, that a device has for a while. */
  roundTrip(device: number, kind: DeviceKind): number {
    return kind.group.link.rttMs.kind === 'constant'
      ? Math.round(kind.roundTripMs(0, 0, 0) * 1000)
      : Math.round(kind.roundTripMs(this.world.keys.roundTrip, device, this.world.nextDraw(device)) * 1000);
  }

  /** Opens a connection if the last one is gone; returns when a request can be sent. */
  connect(device: number, kind: DeviceKind, ready: number, roundTrip: number): number {
    const used = this.world.devices.times[row(device) + connectionUsed] ?? 0;
    if (ready - used <= this.keepAlive) return ready;
    const { up, down } = this.world.spec.wire.connect;
    this.world.traffic.bytes(ready, this.connectCause, up, down);
    const end = this.airtime.transfer(device, kind, ready, up, down);
    return end + this.connectRoundTrips * roundTrip;
  }

  /** Sends a request at `tick`; returns when it reaches the server. */
  send(
    device: number,
    kind: DeviceKind,
    tick: number,
    roundTrip: number,
    request: number,
    items: number,
    body: number,
  ): number {
    const cost = this.costs[request] ?? noCost;
    const ready = this.airtime.ready(device, kind, tick);
    const up = cost.up + cost.upPerItem * items + body;
    return this.airtime.transfer(device, kind, ready, up, 0) + Math.round(roundTrip / 2);
  }

  /** Serves a request that reached the server at `tick`; returns when it is done. */
  serve(device: number, tick: number, request: number): number {
    const { world } = this;
    const sampler = this.serviceMs[request];
    if (sampler === undefined) throw new RangeError(`no request kind ${request}`);
    const service = Math.round(
      1000 *
        (this.constant[request] === true
          ? sampler(0, 0, 0)
          : sampler(world.keys.service, device, world.nextDraw(device))),
    );
    const done = world.server.serve(tick, service);
    world.traffic.request(request, tick, done, service);
    this.lastService = service;
    return done;
  }
  /** Service time of the request served last; it started that long before it was done. */
  lastService = 0;

  /** Receives the answer to a request done at `done`; returns when the device has all of it. */
  receive(
    device: number,
    kind: DeviceKind,
    done: number,
    roundTrip: number,
    request: number,
    cause: number,
    items: number,
    bodyUp: number,
    bodyDown: number,
  ): number {
    const cost = this.costs[request] ?? noCost;
    const down = cost.down + cost.downPerItem * items + bodyDown;
    this.world.traffic.bytes(done, cause, cost.up + cost.upPerItem * items + bodyUp, down);
    const ready = this.airtime.ready(device, kind, done + Math.round(roundTrip / 2));
    const end = this.airtime.transfer(device, kind, ready, 0, down);
    this.world.devices.times[row(device) + connectionUsed] = end;
    return end;
  }
}

export const requestIndex = (kind: RequestKind): number => kindIndex(kind);
