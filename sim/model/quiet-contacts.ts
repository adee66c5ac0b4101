import { busyUntil, connectionUsed, countRow, lastActive, otherDraws, row } from '../device/index.ts';
import { createSampler, nearest, type Sampler } from '../kernel/index.ts';
import type { Agenda } from './agenda.ts';
import type { DeviceKind } from './device-kind.ts';
import type { World } from './world.ts';

/** The contact has not reached the server. */
export const notBegun = -1;

/**
 * Contacts that find nothing, on a server where none waits, without an event for any of their requests: a device's
 * draws are numbered, so what it draws for a contact does not depend on when that is worked out.
 */
export class QuietContacts {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly countsRequests: boolean;
  private readonly times: Float64Array;
  private readonly counts: Uint32Array;
  private readonly serviceMs: readonly Sampler[];
  /** Of each request of the contact at hand: when it was sent, when its answer came back, and was complete. */
  private readonly uploaded: Float64Array;
  private readonly back: Float64Array;
  private readonly ended: Float64Array;
  /** Of the contact made last: its round-trip time and the end of its last answer. */
  roundTrip = 0;
  end = 0;

  /** `countsRequests`: the server is told of each request; otherwise someone else does that. */
  constructor(world: World, agenda: Agenda, countsRequests: boolean) {
    this.world = world;
    this.agenda = agenda;
    this.countsRequests = countsRequests;
    this.times = world.devices.times;
    this.counts = world.devices.counts;
    this.serviceMs = world.serviceMs.map(createSampler);
    let places = 1;
    for (let device = 0; device < world.layout.devices; device += 1)
      places = Math.max(places, world.subscriptionsOf(device));
    this.uploaded = new Float64Array(places);
    this.back = new Float64Array(places);
    this.ended = new Float64Array(places);
  }

  /**
   * Makes the contact due at `start`, to `places` collections, as far as its requests have reached the server by
   * `tick`. Returns how many have, `notBegun` for none; the contact is over when all have.
   */
  run(device: number, kind: DeviceKind, start: number, places: number, tick: number): number {
    const { times, counts, world, uploaded, back, ended } = this;
    const { keys, fixedService } = world;
    const { firstRequest, firstTicksDown, firstTicksUp, radio } = kind;
    const at = row(device);
    const drawAt = countRow(device) + otherDraws;
    let draw = counts[drawAt] ?? 0;
    const roundTrip =
      kind.fixedRoundTrip >= 0
        ? kind.fixedRoundTrip
        : nearest(kind.roundTripMs(keys.roundTrip, world.idOf(device), draw++) * 1000);
    const half = roundTrip >> 1;
    const last = times[at + lastActive] ?? 0;
    const ready = start + radio.promotionAfter(start - last);
    const connects = ready - (times[at + connectionUsed] ?? 0) > kind.keptTicks;
    const connecting = connects ? kind.connectTicks : 0;
    const sent = connects ? ready + connecting + world.connectRoundTrips * roundTrip : ready;
    let sending = sent + firstTicksUp;
    if (sending + half > tick) return notBegun;
    const fixed = fixedService[firstRequest] ?? NaN;
    const serviceMs = this.serviceMs[firstRequest];
    let brief = last >= world.window.from && !radio.shape.staged;
    let waiting = sent - ready - connecting;
    let made = 0;
    let end = sent;
    while (made < places && sending + half <= tick) {
      const arrival = sending + half;
      const service =
        fixed >= 0 ? fixed : nearest((serviceMs?.(keys.service, world.idOf(device), draw++) ?? 0) * 1000);
      if (this.countsRequests) world.traffic.request(firstRequest, arrival, arrival + service, service);
      const wait = service + 2 * half;
      uploaded[made] = sending;
      back[made] = sending + wait;
      end = sending + wait + radio.promotionAfter(wait) + firstTicksDown;
      ended[made] = end;
      if (wait > radio.firstTail) brief = false;
      waiting += wait;
      made += 1;
      sending = end + firstTicksUp;
    }
    counts[drawAt] = draw;
    if (brief && end <= world.window.to) {
      radio.rest(last, start);
      const active = connecting + made * (firstTicksUp + firstTicksDown);
      radio.brief(start - last > radio.awakeTicks ? 1 : 0, active, waiting);
    } else {
      this.account(kind, last, start, ready, connecting, sent, made);
    }
    this.carry(kind, ready, connects, made);
    this.roundTrip = roundTrip;
    this.end = end;
    times[at + lastActive] = end;
    times[at + connectionUsed] = end;
    if (made === places) this.finish(device, kind, start, end);
    return made;
  }

  /** Puts the exchanges of a contact on the radio one by one. */
  private account(
    kind: DeviceKind,
    last: number,
    start: number,
    ready: number,
    connecting: number,
    sent: number,
    made: number,
  ): void {
    const { radio, firstTicksUp, firstTicksDown } = kind;
    for (let place = 0; place < made; place += 1) {
      const before = place === 0 ? last : (this.ended[place - 1] ?? 0);
      const uploaded = this.uploaded[place] ?? 0;
      const end = this.ended[place] ?? 0;
      const back = this.back[place] ?? 0;
      const woken = end - firstTicksDown;
      if (place === 0) radio.exchange(before, start, ready, connecting, sent, uploaded, back, woken, end);
      else radio.exchange(before, before, before, 0, uploaded - firstTicksUp, uploaded, back, woken, end);
    }
  }

  /** Notes the bytes that the radio carried: those of first requests are counted together, as `Polls` does. */
  private carry(kind: DeviceKind, ready: number, connects: boolean, made: number): void {
    const { window } = this.world;
    const { radio, firstBytesUp, firstBytesDown, firstTicksUp, firstTicksDown } = kind;
    if (ready >= window.from && ready < window.to) {
      kind.polls += 1;
      if (connects) kind.pollConnects += 1;
    }
    for (let place = 1; place < made; place += 1) {
      radio.carry((this.uploaded[place] ?? 0) - firstTicksUp, firstBytesUp, 0);
      radio.carry((this.ended[place] ?? 0) - firstTicksDown, 0, firstBytesDown);
    }
  }

  private finish(device: number, kind: DeviceKind, start: number, end: number): void {
    const { times, world } = this;
    const at = row(device);
    if (start >= world.window.from) {
      kind.contacts += 1;
      kind.emptyContacts += 1;
    }
    times[at + busyUntil] = end;
    this.agenda.goOn(device, kind, end, 0);
  }
}
