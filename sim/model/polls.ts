import { connectionUsed, countRow, lastActive, otherDraws, row } from '../device/index.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Requests } from './requests.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const connectCause = causeIndex('connect');

/**
 * The first request of a contact, from the start of the contact to the end of the answer, in one step. Most
 * contacts find nothing and consist of little else, so this path decides how fast a run is.
 */
export class Polls {
  private readonly world: World;
  private readonly requests: Requests;
  /** Of the exchange made last: its round-trip time, and when the server began to handle it. */
  roundTrip = 0;
  servedAt = 0;

  constructor(world: World, requests: Requests) {
    this.world = world;
    this.requests = requests;
  }

  /** When the first request of a contact that starts at `start` reaches the server, as things stand. */
  arrival(device: number, kind: DeviceKind, start: number): number {
    const { times, counts } = this.world.devices;
    const at = row(device);
    const roundTrip =
      kind.fixedRoundTrip >= 0
        ? kind.fixedRoundTrip
        : Math.round(
            1000 *
              kind.roundTripMs(this.world.keys.roundTrip, device, counts[countRow(device) + otherDraws] ?? 0),
          );
    const asleep = start - (times[at + lastActive] ?? 0) > kind.radio.awakeTicks;
    const ready = asleep ? start + kind.radio.promotionTicksEach : start;
    const reused = ready - (times[at + connectionUsed] ?? 0) <= this.world.keepAlive;
    const sent = reused ? ready : ready + kind.connectTicks + this.world.connectRoundTrips * roundTrip;
    return sent + kind.firstTicksUp + Math.round(roundTrip / 2);
  }

  /** Makes the exchange whose request reaches the server at `tick`; returns when the device has the answer. */
  exchange(device: number, kind: DeviceKind, start: number, tick: number): number {
    const { world, requests } = this;
    const { times } = world.devices;
    const at = row(device);
    const { radio } = kind;
    const roundTrip = requests.roundTrip(device, kind);
    const half = Math.round(roundTrip / 2);
    const last = times[at + lastActive] ?? 0;
    const ready = start - last > radio.awakeTicks ? start + radio.promotionTicksEach : start;
    let connecting = 0;
    if (ready - (times[at + connectionUsed] ?? 0) > world.keepAlive) {
      const { up, down } = world.spec.wire.connect;
      connecting = kind.connectTicks;
      world.traffic.bytes(ready, connectCause, up, down);
      radio.carry(ready, up, down);
    }
    const uploaded = tick - half;
    const done = requests.serve(device, tick, kind.firstRequest);
    const back = done + half;
    const woken = back - uploaded > radio.awakeTicks ? back + radio.promotionTicksEach : back;
    const end = woken + kind.firstTicksDown;
    radio.exchange(last, start, ready, connecting, uploaded - kind.firstTicksUp, uploaded, back, woken, end);
    radio.carry(ready, kind.firstBytesUp, kind.firstBytesDown);
    times[at + lastActive] = end > last ? end : last;
    times[at + connectionUsed] = end;
    this.roundTrip = roundTrip;
    this.servedAt = done - requests.lastService;
    return end;
  }
}
