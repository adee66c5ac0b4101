import { connectionUsed, row } from '../device/index.ts';
import { createSampler, nearest, type Sampler } from '../kernel/index.ts';
import { causeOf } from '../metrics/index.ts';
import { ColdKind } from '../server/index.ts';
import { requestKinds, type RequestCost, type RequestKind } from '../spec.ts';
import type { Airtime } from './airtime.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Exchange } from './exchange.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const connectCause = causeIndex('connect');
/** They write what there is, or fetch it. */
const kindsOfNews: ReadonlySet<RequestKind> = new Set(['put', 'delete', 'multiget']);
const causes = requestKinds.map((kind) => causeIndex(causeOf[kind]));

/** Sends requests of devices and serves them: bytes, radio time, round trips and the queue of the server. */
export class Requests {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly costs: readonly RequestCost[];
  private readonly serviceMs: readonly Sampler[];
  /** By kind of request, where it goes cold on its own. */
  private readonly cold: readonly (ColdKind | undefined)[];
  /** Service time of the request served last; it started that long before it was done. */
  lastService = 0;

  constructor(world: World, airtime: Airtime) {
    this.world = world;
    this.airtime = airtime;
    this.costs = world.costs;
    this.serviceMs = world.serviceMs.map(createSampler);
    const { newsCold } = world.spec.server;
    this.cold = requestKinds.map(
      (kind) => newsCold && (kindsOfNews.has(kind) ? new ColdKind(newsCold) : undefined),
    );
  }

  /** Draws the round-trip time, in ticks, that a device has for one contact. */
  roundTrip(device: number, kind: DeviceKind): number {
    const line = this.airtime.lineAt(device, kind, this.world.queue.tick);
    if (line.fixedRoundTrip >= 0) return line.fixedRoundTrip;
    const draw = this.world.nextDraw(device);
    return nearest(line.roundTripMs(this.world.keys.roundTrip, this.world.idOf(device), draw) * 1000);
  }

  /** Opens a connection if the last one is gone; returns when a request can be sent, `NaN` when nobody listens. */
  connect(device: number, kind: DeviceKind, ready: number, roundTrip: number): number {
    const used = this.world.devices.times[row(device) + connectionUsed] ?? 0;
    const { guard } = this.world;
    const line = this.airtime.lineAt(device, kind, this.world.queue.tick);
    const kept =
      ready - used <= line.keptTicks &&
      (kind.second === undefined || this.airtime.lineAt(device, kind, used) === line);
    if (kept && (guard === undefined || used >= guard.availability.lastBreak(ready))) return ready;
    if (guard?.reach(ready, roundTrip) === false) {
      this.airtime.wait(device, kind, ready + roundTrip);
      return NaN;
    }
    const { up, down } = this.world.spec.wire.connect;
    this.world.traffic.bytes(ready, connectCause, up, down);
    const end = this.airtime.transfer(device, kind, ready, up, down);
    return this.airtime.wait(device, kind, end + this.world.connectRoundTrips * roundTrip);
  }

  /** Sends a request at `tick`; returns when it reaches the server. */
  send({ device, kind, roundTrip, request, items, bodyUp }: Exchange, tick: number): number {
    const cost = this.costs[request];
    const up = cost === undefined ? 0 : cost.up + cost.upPerItem * items + bodyUp;
    const ready = this.airtime.ready(device, kind, tick);
    return this.airtime.transfer(device, kind, ready, up, 0) + (roundTrip >> 1);
  }

  /** Serves a request that reached the server at `tick`; returns when it is done. */
  serve(device: number, tick: number, request: number): number {
    const { world } = this;
    const service = this.serviceTicks(device, request, tick);
    const done = world.server.serve(tick, service, request);
    world.traffic.request(request, tick, done, service);
    this.lastService = service;
    return done;
  }

  /** Worker time of a request that reached the server at `tick`, in ticks; drawn for the device where it varies. */
  serviceTicks(device: number, request: number, tick: number): number {
    const { world } = this;
    const service = world.fixedService[request] ?? 0;
    const extra = nearest(this.cold[request]?.take(tick) ?? 0);
    if (service >= 0) return service + extra;
    const sampled =
      this.serviceMs[request]?.(world.keys.service, world.idOf(device), world.nextDraw(device)) ?? 0;
    return nearest(sampled * 1000) + extra;
  }

  /** A request that reached the server at `tick` was never answered. */
  sentInVain({ request, items, bodyUp }: Exchange, tick: number): void {
    const cost = this.costs[request];
    const up = cost === undefined ? 0 : cost.up + cost.upPerItem * items + bodyUp;
    this.world.traffic.bytes(tick, causes[request] ?? 0, up, 0);
  }

  /** A request was served, and counted with the bytes that all of its kind have, but its device waits no more. */
  answeredInVain({ device, request, items, bodyUp }: Exchange, tick: number): void {
    const cost = this.costs[request];
    if (cost === undefined) throw new RangeError(`no request kind ${request}`);
    this.world.traffic.bytes(tick, causes[request] ?? 0, cost.upPerItem * items + bodyUp, -cost.down);
    this.world.devices.times[row(device) + connectionUsed] = -Infinity;
  }

  /** Receives the refusal of a request that reached the server at `tick`, sent at `done`; returns when the device has it. */
  receiveRefusal(exchange: Exchange, tick: number, done: number, bytes: number): number {
    const { device, kind, roundTrip, request } = exchange;
    this.sentInVain(exchange, tick);
    this.world.traffic.bytes(tick, causes[request] ?? 0, 0, bytes);
    const ready = this.airtime.ready(device, kind, done + (roundTrip >> 1));
    const end = this.airtime.transfer(device, kind, ready, 0, bytes);
    this.world.devices.times[row(device) + connectionUsed] = end;
    return end;
  }

  /** Receives what an answer lists, after what all answers of its kind have in common came in at `tick`. */
  receiveItems({ device, kind, request, items, bodyDown }: Exchange, tick: number): number {
    const cost = this.costs[request];
    if (cost === undefined) throw new RangeError(`no request kind ${request}`);
    const { upPerItem, downPerItem } = cost;
    const down = downPerItem * items + bodyDown;
    this.world.traffic.bytes(tick, causes[request] ?? 0, upPerItem * items, down);
    const end = this.airtime.transfer(device, kind, tick, 0, down);
    this.world.devices.times[row(device) + connectionUsed] = end;
    return end;
  }

  /** Receives the answer to a request done at `done`; returns when the device has all of it. */
  receive({ device, kind, roundTrip, request, items, bodyUp, bodyDown }: Exchange, done: number): number {
    const cost = this.costs[request];
    if (cost === undefined) throw new RangeError(`no request kind ${request}`);
    const perItem = cost.downPerItem * items + bodyDown;
    if (items > 0) {
      this.world.traffic.bytes(done, causes[request] ?? 0, cost.upPerItem * items + bodyUp, perItem);
    }
    const ready = this.airtime.ready(device, kind, done + (roundTrip >> 1));
    const end = this.airtime.transfer(device, kind, ready, 0, cost.down + perItem);
    this.world.devices.times[row(device) + connectionUsed] = end;
    return end;
  }
}
