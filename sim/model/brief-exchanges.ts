import { connectionUsed, lastActive, row } from '../device/index.ts';
import { causeOf } from '../metrics/index.ts';
import { requestKinds, type RequestCost, type RequestKind } from '../spec.ts';
import type { DeviceKind } from './device-kind.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const connectCause = causeIndex('connect');
const causes = requestKinds.map((kind) => causeIndex(causeOf[kind]));
const most = 4;

/**
 * Whether exchanges of these requests can be put on the books at once: nothing about them is drawn, and no wait
 * outlasts the first state of the radio after a transfer.
 */
export function areBrief(kind: DeviceKind, { spec }: World, requests: readonly RequestKind[]): boolean {
  const { serviceMs } = spec.server;
  return (
    kind.plain &&
    requests.every((request) => {
      const service = serviceMs[request] ?? serviceMs['sync-collection'];
      return (
        service.kind === 'constant' &&
        kind.fixedRoundTrip + Math.round(service.value * 1000) <= kind.radio.firstTail
      );
    })
  );
}

/**
 * A few exchanges of one device after each other, worked out first and put on the books afterwards, together: what
 * `Requests` and `Airtime` do step by step.
 */
export class BriefExchanges {
  private readonly world: World;
  private readonly times: Float64Array;
  private readonly costs: readonly RequestCost[];
  /** Of each request: its kind, when it reached the server, and what it carried beyond its like. */
  private readonly kinds = new Int32Array(most);
  private readonly arrivals = new Float64Array(most);
  private readonly extraUp = new Float64Array(most);
  private readonly extraDown = new Float64Array(most);
  private made = 0;
  private start = 0;
  private last = 0;
  private promoted = false;
  private connects = false;
  private ready = 0;
  private active = 0;
  private waiting = 0;
  private bytesUp = 0;
  private bytesDown = 0;
  private items = 0;
  /** When the device is through with what it has done so far. */
  now = 0;

  constructor(world: World) {
    this.world = world;
    this.times = world.devices.times;
    this.costs = world.costs;
  }

  /** Wakes the device at `start`; false when it is still busy then, or the warm-up reaches into it. */
  begin(device: number, kind: DeviceKind, start: number): boolean {
    const at = row(device);
    const last = this.times[at + lastActive] ?? 0;
    if (last > start || last < this.world.window.from) return false;
    const { connect } = this.world.spec.wire;
    this.start = start;
    this.last = last;
    this.promoted = start - last > kind.radio.awakeTicks;
    this.ready = this.promoted ? start + kind.radio.promotionTicksEach : start;
    this.connects = this.ready - (this.times[at + connectionUsed] ?? 0) > kind.keptTicks;
    this.now = this.connects ? this.ready + kind.connectLead : this.ready;
    this.active = this.connects ? kind.connectTicks : 0;
    this.waiting = this.connects ? kind.connectLead - kind.connectTicks : 0;
    this.bytesUp = this.connects ? connect.up : 0;
    this.bytesDown = this.connects ? connect.down : 0;
    this.made = 0;
    return true;
  }

  /** Sends a request; returns when it reaches the server. */
  send(kind: DeviceKind, request: number, items: number, bodyUp: number): number {
    const cost = this.costs[request];
    if (cost === undefined) throw new RangeError(`no request kind ${request}`);
    const up = cost.up + cost.upPerItem * items + bodyUp;
    const sending = kind.ticksOf(up, 0);
    const arrival = this.now + sending + (kind.fixedRoundTrip >> 1);
    this.active += sending;
    this.bytesUp += up;
    this.items = items;
    this.kinds[this.made] = request;
    this.arrivals[this.made] = arrival;
    this.extraUp[this.made] = cost.upPerItem * items + bodyUp;
    this.now += sending;
    return arrival;
  }

  /** Receives the answer to what was sent last, which lists as many items, or `items`; returns when the server was done. */
  receive(kind: DeviceKind, bodyDown: number, items = this.items): number {
    const request = this.kinds[this.made] ?? 0;
    const cost = this.costs[request];
    if (cost === undefined) throw new RangeError(`no request kind ${request}`);
    const half = kind.fixedRoundTrip >> 1;
    const service = this.world.fixedService[request] ?? 0;
    const extra = cost.downPerItem * items + bodyDown;
    const receiving = kind.ticksOf(0, cost.down + extra);
    this.extraUp[this.made] = (this.extraUp[this.made] ?? 0) + cost.upPerItem * (items - this.items);
    this.extraDown[this.made] = extra;
    this.active += receiving;
    this.waiting += 2 * half + service;
    this.bytesDown += cost.down + extra;
    this.now += 2 * half + service + receiving;
    this.made += 1;
    return (this.arrivals[this.made - 1] ?? 0) + service;
  }

  /** Puts all of it on the books. */
  settle(device: number, kind: DeviceKind): void {
    const { times, world } = this;
    const { traffic, fixedService } = world;
    const { radio } = kind;
    radio.rest(this.last, this.start);
    radio.brief(this.promoted ? 1 : 0, this.active, this.waiting);
    radio.carry(this.ready, this.bytesUp, this.bytesDown);
    if (this.connects) {
      const { up, down } = world.spec.wire.connect;
      traffic.bytes(this.ready, connectCause, up, down);
    }
    for (let place = 0; place < this.made; place += 1) {
      const request = this.kinds[place] ?? 0;
      const arrival = this.arrivals[place] ?? 0;
      const service = fixedService[request] ?? 0;
      traffic.request(request, arrival, arrival + service, service);
      traffic.bytes(arrival, causes[request] ?? 0, this.extraUp[place] ?? 0, this.extraDown[place] ?? 0);
    }
    const at = row(device);
    times[at + lastActive] = this.now;
    times[at + connectionUsed] = this.now;
  }
}
