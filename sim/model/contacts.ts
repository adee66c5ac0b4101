import { busyUntil, lastActive, row } from '../device/index.ts';
import { isCounted } from '../window.ts';
import type { Agenda } from './agenda.ts';
import type { Airtime } from './airtime.ts';
import { BriefContacts } from './brief-contacts.ts';
import { CleanPolls } from './clean-polls.ts';
import type { Contact } from './contact.ts';
import { ContactSteps } from './contact-steps.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Elision } from './elision.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { Learning } from './learning.ts';
import { Polls } from './polls.ts';
import type { Requests } from './requests.ts';
import type { Wheels } from './wheels.ts';
import type { World } from './world.ts';

const contactCode = eventCode(eventKinds.contact, 0);

/** Starts contacts when they are due, walks them through their requests and has the next one scheduled. */
export class Contacts {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly learning: Learning;
  private readonly elision: Elision | undefined;
  private wheels: Wheels | undefined;
  private readonly polls: Polls;
  private readonly cleanPolls: CleanPolls;
  /** Present when parts of the fleet are run one after the other. */
  private readonly briefContacts: BriefContacts | undefined;
  /** What follows the first request of a contact. */
  readonly steps: ContactSteps;

  constructor(world: World, airtime: Airtime, requests: Requests, agenda: Agenda, elision?: Elision) {
    this.elision = elision;
    this.world = world;
    this.agenda = agenda;
    this.learning = new Learning(world);
    this.cleanPolls = new CleanPolls(world, agenda, elision === undefined);
    this.briefContacts = world.partQueue && new BriefContacts(world, agenda, this.learning, world.partQueue);
    this.polls = new Polls(world, requests);
    this.steps = new ContactSteps(world, airtime, requests, this.learning, (contact, tick) =>
      this.finish(contact, tick),
    );
    if (elision !== undefined) {
      elision.begun = (device, kind, start, made) => {
        const contact = this.open(device, kind, start);
        contact.roundTrip = elision.roundTrip;
        this.steps.goOn(contact, made, elision.lastAnswer);
      };
    }
  }

  /** Schedules the first contacts of devices `from` to `to` - 1. */
  begin(from: number, to: number): void {
    for (let device = from; device < to; device += 1) {
      this.agenda.first(device, this.world.kindOf(device));
      this.replan(device);
    }
  }

  /** A push about a collection reached the device, whose radio was through with it at `tick`; `known` when it is no news. */
  pushed(device: number, kind: DeviceKind, tick: number, place: number, known: boolean): void {
    if (this.agenda.pushed(device, kind, tick, place, known)) this.replan(device);
  }

  /**
   * Announces the device's next contact to the queue. The contact of a device that is not pushed is announced by
   * the arrival of its first request, which saves an event; whatever else the device does meanwhile may move that
   * arrival, so it is preceded by `settleStart` and followed by a new announcement.
   */
  replan(device: number): void {
    const kind = this.world.kindOf(device);
    if (this.elision?.sleeps(device, kind) === true) {
      if (this.elision.countsRequests || this.wheels?.join(device) === true) return;
    }
    const start = this.agenda.dueAt(device);
    if (start === Infinity) return;
    const at = this.foreseen(device, kind) ? this.polls.arrival(device, kind, start) : start;
    this.world.queue.push(at, device, contactCode);
  }

  /** Starts a contact that was due by `tick` and is announced by its arrival only. */
  settleStart(device: number, tick: number): void {
    const kind = this.world.kindOf(device);
    this.stir(device, kind, tick);
    if (!this.foreseen(device, kind)) return;
    const start = this.agenda.dueAt(device);
    if (start <= tick) this.start(device, kind, start);
  }

  /** A change is about to be noted that concerns the device: contacts it slept through found nothing. */
  wake(device: number, tick: number): void {
    this.stir(device, this.world.kindOf(device), tick);
  }

  /** From now on steady polls ride on wheels. */
  ride(wheels: Wheels): void {
    this.wheels = wheels;
  }

  /** A poll that rode on a wheel finds the server busy: it is made now, in the ordinary way. */
  leaveWheel(device: number): void {
    const { tick } = this.world.queue;
    this.elision?.catchUp(device, this.world.kindOf(device), tick - 1);
    this.due(device);
  }

  private stir(device: number, kind: DeviceKind, tick: number): void {
    if (this.elision === undefined) return;
    this.wheels?.leave(device);
    // At one instant events go by device: a poll of a later device has not come yet.
    this.elision.catchUp(device, kind, device <= this.world.queue.entity ? tick : tick - 1);
  }

  /** Acts on an announcement for now, if it still speaks the truth. */
  due(device: number): void {
    const kind = this.world.kindOf(device);
    if (this.cleanPolls.run(device, kind)) {
      if (this.elision !== undefined) this.replan(device);
      return;
    }
    if (this.briefContacts?.run(device, kind) === true) {
      this.replan(device);
      return;
    }
    const start = this.agenda.dueAt(device);
    const { tick } = this.world.queue;
    if (!this.foreseen(device, kind)) {
      if (start === tick) this.start(device, kind, start);
    } else if (start !== Infinity && this.polls.arrival(device, kind, start) === tick) {
      this.poll(device, kind, start, tick);
    }
  }

  private foreseen(device: number, kind: DeviceKind): boolean {
    return (
      this.world.guard === undefined &&
      !kind.pushed &&
      !kind.direct &&
      kind.constantFirst &&
      this.world.subscriptionsOf(device) > 0
    );
  }

  private start(device: number, kind: DeviceKind, start: number): void {
    this.steps.begin(this.open(device, kind, start), start);
  }

  /** The first request of a contact that started at `start` reaches the server. */
  private poll(device: number, kind: DeviceKind, start: number, tick: number): void {
    const { polls, world } = this;
    const overlaps = (world.devices.times[row(device) + lastActive] ?? 0) > start;
    if (overlaps || (world.changesArise && !world.server.isFree(tick))) {
      // Another exchange of the device overlaps this one, or there is time for news while it waits.
      this.start(device, kind, start);
      return;
    }
    const end = polls.exchange(device, kind, start, tick);
    const clean = !this.learning.mayKnowLess(device);
    if (clean && world.subscriptionsOf(device) === 1) {
      const scheduled = this.agenda.begin(device, start);
      this.close(device, kind, start, end, 0, scheduled);
      return;
    }
    const contact = this.open(device, kind, start);
    contact.roundTrip = polls.roundTrip;
    this.steps.resume(contact, polls.servedAt, end);
  }

  private open(device: number, kind: DeviceKind, start: number): Contact {
    const { devices } = this.world;
    const contact = this.steps.open(device, kind);
    contact.startedAt = start;
    contact.previousEnd = this.world.settledAt(device);
    contact.scheduled = this.agenda.begin(device, start);
    if (kind.policy.pushedOnly === true) {
      const places = this.agenda.takePushed(device);
      if (!contact.scheduled) contact.changed.push(...places);
    }
    contact.listed = kind.asksHome || contact.changed.length > 0;
    devices.times[row(device) + busyUntil] = Infinity;
    return contact;
  }

  private finish(contact: Contact, tick: number): void {
    const { device, kind, startedAt, learned, scheduled, givenUp } = contact;
    const free = this.world.guard?.ended(contact, tick) ?? tick;
    this.close(device, kind, startedAt, tick, learned, scheduled, givenUp, free);
  }

  /** A contact that started at `start` ends at `tick`; the next one may start from `free` on. */
  private close(
    device: number,
    kind: DeviceKind,
    start: number,
    tick: number,
    learned: number,
    scheduled: boolean,
    givenUp = false,
    free = tick,
  ): void {
    const { world } = this;
    if (isCounted(world.window, start)) {
      kind.contacts += 1;
      if (learned === 0) kind.emptyContacts += 1;
    }
    world.devices.times[row(device) + busyUntil] = free;
    if (scheduled) {
      // Changes are over and this contact has covered the last of them: the device has settled.
      const settled =
        start >= world.window.to && ((world.writesPending === 0 && !givenUp) || start >= world.patienceUntil);
      this.agenda.next(device, kind, tick, learned, settled);
    }
    this.replan(device);
  }
}
