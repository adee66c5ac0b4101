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
import type { CleanBook } from './clean-book.ts';
import type { DeviceKind } from './device-kind.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { perSecondTick } from './traffic.ts';
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
  private readonly announces: boolean;
  private readonly times: Float64Array;
  private readonly counts: Uint32Array;

  /** `announces`: contacts are followed by the announcement of the next. */
  constructor(world: World, agenda: Agenda, announces: boolean) {
    this.announces = announces;
    this.world = world;
    this.agenda = agenda;
    this.times = world.devices.times;
    this.counts = world.devices.counts;
  }

  /**
   * Makes the contact of a device whose first request reaches the server now, and announces the next one where that is
   * not left to others; false when it is none of this kind.
   */
  run(device: number, kind: DeviceKind): boolean {
    const { times, counts, world } = this;
    const { book } = kind;
    if ((counts[countRow(device) + unseen] ?? 0) !== 0) return false;
    if (book === undefined || world.subscriptionsOf(device) !== 1) return false;
    const at = row(device);
    const start = times[at + scheduledAt] ?? 0;
    const last = times[at + lastActive] ?? 0;
    const resting = start - last;
    if (resting < 0 || start < (times[at + busyUntil] ?? 0) || last < world.window.from) return false;
    const promoted = resting > book.awake;
    const ready = promoted ? start + book.promotion : start;
    const connects = ready - (times[at + connectionUsed] ?? 0) > book.kept;
    const uploaded = (connects ? ready + book.connectLead : ready) + book.sending;
    const { tick } = world.queue;
    if (uploaded + book.halfTrip !== tick) return false;
    if (world.changesArise && !world.server.isFree(tick)) return false;
    const queued = world.server.enqueueNow(book.service, book.request);
    const waiting = queued + book.waiting;
    const end = uploaded + waiting + book.receiving;
    const isLong = end > world.window.to || waiting > book.firstTail;
    if (isLong || queued > 0) this.note(book, queued);
    else world.traffic.prompt(((tick - world.window.from) * perSecondTick) | 0);
    if (isLong) {
      this.runLong(device, kind, ready, uploaded, waiting, connects);
    } else {
      if (resting >= book.tailTotal) {
        book.fullRests += 1;
        book.fullRestTicks += resting;
      } else kind.radio.rest(last, start);
      if (queued > 0) {
        book.queued += 1;
        book.queuedTicks += queued;
      }
      if (promoted) book.promoted += 1;
      if (connects) book.connected += 1;
      book.contacts += 1;
      times[at + lastActive] = end;
      times[at + connectionUsed] = end;
      times[at + busyUntil] = end;
      const next = start + book.period;
      if (next > end) times[at + scheduledAt] = next;
      else this.agenda.next(device, kind, end, 0, false);
    }
    if (this.announces) this.announce(device, book);
    return true;
  }

  /** A request that is not like all others reaches the server now, and waits for a worker for `queued` ticks. */
  private note({ request, service }: CleanBook, queued: number): void {
    const { queue, traffic } = this.world;
    traffic.request(request, queue.tick, queue.tick + queued + service, service);
  }

  /** Announces the next contact of a device that has just made one of this kind, as `Contacts.replan` would. */
  private announce(device: number, book: CleanBook): void {
    const { times, world } = this;
    const at = row(device);
    const scheduled = times[at + scheduledAt] ?? Infinity;
    if (scheduled === Infinity) return;
    const end = times[at + lastActive] ?? 0;
    const start = scheduled > end ? scheduled : end;
    const ready = start - end > book.awake ? start + book.promotion : start;
    const sent = ready - end > book.kept ? ready + book.connectLead : ready;
    world.queue.push(sent + book.sending + book.halfTrip, device, contactCode);
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
