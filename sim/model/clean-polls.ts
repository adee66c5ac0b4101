import {
  busyUntil,
  connectionUsed,
  countRow,
  lastActive,
  row,
  scheduledAt,
  unseen,
} from '../device/index.ts';
import type { Agenda } from './agenda.ts';
import type { DeviceKind } from './device-kind.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { World } from './world.ts';

const contactCode = eventCode(eventKinds.contact, 0);

/**
 * The contact that most contacts are: scheduled, to one collection, with nothing to learn, nothing else going on
 * and nothing drawn. What `Contacts` would do for it in steps is done here in one, on numbers that never leave
 * registers, as long as no call is handed one that does not fit into 31 bits; any other contact is declined and takes
 * the long way. Both ways give the same record.
 */
export class CleanPolls {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly times: Float64Array;
  private readonly counts: Uint32Array;

  constructor(world: World, agenda: Agenda) {
    this.world = world;
    this.agenda = agenda;
    this.times = world.devices.times;
    this.counts = world.devices.counts;
  }

  /** Makes the contact of a device whose first request reaches the server now; false when it is none of this kind. */
  run(device: number, kind: DeviceKind): boolean {
    const { times, counts, world } = this;
    if ((counts[countRow(device) + unseen] ?? 0) !== 0) return false;
    if (!kind.plain || world.subscriptionsOf(device) !== 1) return false;
    const at = row(device);
    const { radio } = kind;
    const start = times[at + scheduledAt] ?? 0;
    const last = times[at + lastActive] ?? 0;
    const resting = start - last;
    if (resting < 0 || start < (times[at + busyUntil] ?? 0) || last < world.window.from) return false;
    const ready = resting > radio.awakeTicks ? start + radio.promotionTicksEach : start;
    const connects = ready - (times[at + connectionUsed] ?? 0) > kind.keptTicks;
    const half = kind.fixedRoundTrip >> 1;
    const uploaded = (connects ? ready + kind.connectLead : ready) + kind.firstTicksUp;
    const { tick } = world.queue;
    if (uploaded + half !== tick) return false;
    if (world.changesArise && !world.server.isFree(tick)) return false;
    const service = world.fixedService[kind.firstRequest] ?? 0;
    const queued = world.server.enqueueNow(service, kind.firstRequest);
    const waiting = queued + service + 2 * half;
    const end = uploaded + waiting + kind.firstTicksDown;
    const { traffic } = world;
    const isLong = end > world.window.to || waiting > radio.firstTail;
    if (isLong || queued > 0) traffic.request(kind.firstRequest, tick, tick + queued + service, service);
    else traffic.prompt(kind.firstRequest, traffic.secondOf(tick));
    if (isLong) {
      this.runLong(device, kind, ready, uploaded, waiting, connects);
      return true;
    }
    if (resting >= radio.tailTotal) radio.restFully(resting);
    else radio.rest(last, start);
    radio.brief(resting > radio.awakeTicks, kind.firstTicksUp + kind.firstTicksDown, waiting);
    if (connects) {
      radio.brief(false, kind.connectTicks, kind.connectLead - kind.connectTicks);
      kind.pollConnects += 1;
    }
    kind.contacts += 1;
    kind.emptyContacts += 1;
    kind.polls += 1;
    times[at + lastActive] = end;
    times[at + connectionUsed] = end;
    times[at + busyUntil] = end;
    this.agenda.goOn(device, kind, end, 0);
    return true;
  }

  /** Announces the next contact of a device that has just made one of this kind, as `Contacts.replan` would. */
  announce(device: number, kind: DeviceKind): void {
    const { times, world } = this;
    const at = row(device);
    const scheduled = times[at + scheduledAt] ?? Infinity;
    if (scheduled === Infinity) return;
    const end = times[at + lastActive] ?? 0;
    const start = scheduled > end ? scheduled : end;
    const ready = start - end > kind.radio.awakeTicks ? start + kind.radio.promotionTicksEach : start;
    const sent = ready - end > kind.keptTicks ? ready + kind.connectLead : ready;
    const arrival = sent + kind.firstTicksUp + (kind.fixedRoundTrip >> 1);
    world.queue.push(arrival, device, contactCode);
  }

  /** Makes a contact whose radio falls asleep before the answer comes, or that the end of the counted time cuts. */
  private runLong(
    device: number,
    kind: DeviceKind,
    ready: number,
    uploaded: number,
    waiting: number,
    connects: boolean,
  ): void {
    const { times, world } = this;
    const { radio } = kind;
    const at = row(device);
    const woken = radio.promotionAfter(waiting);
    const back = uploaded + waiting;
    const end = back + woken + kind.firstTicksDown;
    const sent = uploaded - kind.firstTicksUp;
    const connecting = connects ? kind.connectTicks : 0;
    const start = times[at + scheduledAt] ?? 0;
    const last = times[at + lastActive] ?? 0;
    radio.exchange(last, start, ready, connecting, sent, uploaded, back, back + woken, end);
    times[at + lastActive] = end;
    times[at + connectionUsed] = end;
    times[at + busyUntil] = end;
    if (start < world.window.to) {
      kind.contacts += 1;
      kind.emptyContacts += 1;
    }
    if (ready < world.window.to) {
      kind.polls += 1;
      if (connects) kind.pollConnects += 1;
    }
    const next = start + kind.wholePeriod;
    if (kind.wholePeriod > 0 && next > end && start < world.window.to) {
      times[at + scheduledAt] = next;
      return;
    }
    const settled = start >= world.window.to && world.writesPending === 0;
    this.agenda.next(device, kind, end, 0, settled);
  }
}
