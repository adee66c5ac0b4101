import { connectionUsed, countRow, lastActive, otherDraws, row } from '../device/index.ts';
import { nearest } from '../kernel/index.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Requests } from './requests.ts';
import type { World } from './world.ts';

/**
 * The first request of a contact, from the start of the contact to the end of the answer, in one step. Most
 * contacts find nothing and consist of little else, so this path decides how fast a run is.
 */
export class Polls {
  private readonly world: World;
  private readonly requests: Requests;
  private readonly times: Float64Array;
  private readonly connectRoundTrips: number;
  /** Of the exchange made last: its round-trip time, and when the server began to handle it. */
  roundTrip = 0;
  servedAt = 0;

  constructor(world: World, requests: Requests) {
    this.world = world;
    this.requests = requests;
    this.times = world.devices.times;
    this.connectRoundTrips = world.connectRoundTrips;
  }

  /** When the first request of a contact that starts at `start` reaches the server, as things stand. */
  arrival(device: number, kind: DeviceKind, start: number): number {
    const at = row(device);
    const roundTrip = kind.fixedRoundTrip >= 0 ? kind.fixedRoundTrip : this.foreseeRoundTrip(device, kind);
    const ready = start + kind.radio.promotionAfter(start - (this.times[at + lastActive] ?? 0));
    const reused = ready - (this.times[at + connectionUsed] ?? 0) <= kind.keptTicks;
    const sent = reused ? ready : ready + kind.connectTicks + this.connectRoundTrips * roundTrip;
    return sent + kind.firstTicksUp + (roundTrip >> 1);
  }

  /** Makes the exchange whose request reaches the server at `tick`; returns when the device has the answer. */
  exchange(device: number, kind: DeviceKind, start: number, tick: number): number {
    const { times, requests } = this;
    const at = row(device);
    const { radio } = kind;
    const roundTrip = requests.roundTrip(device, kind);
    const half = roundTrip >> 1;
    const last = times[at + lastActive] ?? 0;
    const ready = start + radio.promotionAfter(start - last);
    const connects = ready - (times[at + connectionUsed] ?? 0) > kind.keptTicks;
    const uploaded = tick - half;
    const done = requests.serve(device, tick, kind.firstRequest);
    const back = done + half;
    const woken = back + radio.promotionAfter(back - uploaded);
    const end = woken + kind.firstTicksDown;
    const sent = uploaded - kind.firstTicksUp;
    radio.exchange(last, start, ready, connects ? kind.connectTicks : 0, sent, uploaded, back, woken, end);
    if (ready >= this.world.window.from && ready < this.world.window.to) {
      kind.polls += 1;
      if (connects) kind.pollConnects += 1;
    }
    times[at + lastActive] = end;
    times[at + connectionUsed] = end;
    this.roundTrip = roundTrip;
    this.servedAt = done - requests.lastService;
    return end;
  }

  /** The round-trip time that the contact will draw when it starts. */
  private foreseeRoundTrip(device: number, kind: DeviceKind): number {
    const draw = this.world.devices.counts[countRow(device) + otherDraws] ?? 0;
    return nearest(kind.roundTripMs(this.world.keys.roundTrip, this.world.idOf(device), draw) * 1000);
  }
}
