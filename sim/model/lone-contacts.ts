import { busyUntil, connectionUsed, countRow, lastActive, otherDraws, row } from '../device/index.ts';
import { DrawnTicks } from '../kernel/index.ts';
import type { Agenda } from './agenda.ts';
import type { DeviceKind } from './device-kind.ts';
import type { World } from './world.ts';

/**
 * What `QuietContacts` does, for devices with one collection: contacts of one request each, one after the other, so
 * that what they have in common is worked out once and what one leaves to the next stays at hand.
 */
export class LoneContacts {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly times: Float64Array;
  private readonly counts: Uint32Array;
  private readonly services: readonly DrawnTicks[];
  private readonly roundTrips: ReadonlyMap<DeviceKind, DrawnTicks>;

  constructor(world: World, agenda: Agenda) {
    this.world = world;
    this.agenda = agenda;
    this.times = world.devices.times;
    this.counts = world.devices.counts;
    this.services = world.serviceMs.map((service) => new DrawnTicks(service, world.keys.service));
    const { roundTrip } = world.keys;
    this.roundTrips = new Map(
      world.kinds.map((kind) => [kind, new DrawnTicks(kind.group.link.rttMs, roundTrip)]),
    );
  }

  /** Accounts for every contact of a sleeping device whose request has reached the server by `tick`. */
  run(device: number, kind: DeviceKind, tick: number): void {
    const { agenda, counts, times, world } = this;
    const { connectRoundTrips, traffic, window } = world;
    const { connectTicks, firstRequest, firstTicksDown, firstTicksUp, fixedRoundTrip, keptTicks, radio } =
      kind;
    const id = world.idOf(device);
    const roundTrips = this.roundTrips.get(kind)?.of(id);
    const services = this.services[firstRequest]?.of(id);
    if (roundTrips === undefined || services === undefined) throw new RangeError(`nothing known of ${id}`);
    const fixed = world.fixedService[firstRequest] ?? NaN;
    const at = row(device);
    const drawAt = countRow(device) + otherDraws;
    for (;;) {
      const start = agenda.dueAt(device);
      if (start >= window.to) return;
      let draw = counts[drawAt] ?? 0;
      const roundTrip = fixedRoundTrip >= 0 ? fixedRoundTrip : roundTrips.at(draw++);
      const half = roundTrip >> 1;
      const last = times[at + lastActive] ?? 0;
      const ready = start + radio.promotionAfter(start - last);
      const connects = ready - (times[at + connectionUsed] ?? 0) > keptTicks;
      const connecting = connects ? connectTicks : 0;
      const sent = connects ? ready + connecting + connectRoundTrips * roundTrip : ready;
      const uploaded = sent + firstTicksUp;
      const arrival = uploaded + half;
      if (arrival > tick) return;
      const service = fixed >= 0 ? fixed : services.at(draw++);
      counts[drawAt] = draw;
      traffic.request(firstRequest, arrival, arrival + service, service);
      const wait = service + 2 * half;
      const back = uploaded + wait;
      const woken = back + radio.promotionAfter(wait);
      const end = woken + firstTicksDown;
      if (last >= window.from && end <= window.to && wait <= radio.firstTail && !radio.shape.staged) {
        radio.rest(last, start);
        const waiting = sent - ready - connecting + wait;
        radio.brief(
          start - last > radio.awakeTicks ? 1 : 0,
          connecting + firstTicksUp + firstTicksDown,
          waiting,
        );
      } else {
        radio.exchange(last, start, ready, connecting, sent, uploaded, back, woken, end);
      }
      if (ready >= window.from && ready < window.to) {
        kind.polls += 1;
        if (connects) kind.pollConnects += 1;
      }
      if (start >= window.from) {
        kind.contacts += 1;
        kind.emptyContacts += 1;
      }
      times[at + lastActive] = end;
      times[at + connectionUsed] = end;
      times[at + busyUntil] = end;
      agenda.goOn(device, kind, end, 0);
    }
  }
}
