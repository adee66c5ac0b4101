import type { SchedulingProcess } from '../spec.ts';
import { createDraws, profiled, type Draws } from './instants.ts';

/** A change of one of several calendars, at the server (by delivery) or by a device of its user. */
export interface ScheduledChange {
  readonly atMs: number;
  readonly collection: number;
  readonly byServer: boolean;
  /** The event: its organiser's calendar, and which of the organiser's events it is. */
  readonly organiser: number;
  readonly nth: number;
  readonly role: 'invite' | 'deliver' | 'answer' | 'reply' | 'refresh';
  /** Whose answer an answer, a reply or a refresh is about; the calendar itself for the others. */
  readonly about: number;
}

/** The calendars of a group, which follow each other, and what their users' clocks are ahead by. */
export interface Calendars {
  readonly first: number;
  readonly count: number;
  zoneMs(collection: number): number;
}

/**
 * What invitations bring to the calendars of a group in [0, `endMs`), in no order. Delays and waves as in
 * CalendarServer (twistedcaldav/stdconfig.py): requests after 5 s, replies after 1 s, refreshes of 5 attendees
 * every 5 s and none above 50 attendees.
 */
export function* schedulingOf(
  process: SchedulingProcess,
  calendars: Calendars,
  endMs: number,
  key: number,
): Generator<ScheduledChange> {
  for (let place = 0; place < calendars.count; place += 1) {
    const organiser = calendars.first + place;
    const draws = createDraws(key, organiser);
    const zoneMs = calendars.zoneMs(organiser);
    let nth = 0;
    for (const invitedMs of profiled(process, { endMs, zoneMs, draws })) {
      for (const change of invitation(process, calendars, organiser, invitedMs, draws)) {
        if (change.atMs < endMs) yield { ...change, organiser, nth };
      }
      nth += 1;
    }
  }
}

function* invitation(
  process: SchedulingProcess,
  calendars: Calendars,
  organiser: number,
  invitedMs: number,
  draws: Draws,
): Generator<Omit<ScheduledChange, 'organiser' | 'nth'>> {
  const { answerMs, deliverMs, replyMs, waveSize, waveMs, mostRefreshed } = process;
  const people = Math.min(calendars.count, Math.max(1, Math.round(draws.sample(process.attendees))));
  const attendees = drawAttendees(calendars, organiser, people - 1, draws);
  const deliveredMs = invitedMs + deliverMs;
  yield { atMs: invitedMs, collection: organiser, byServer: false, role: 'invite', about: organiser };
  for (const collection of attendees)
    yield { atMs: deliveredMs, collection, byServer: true, role: 'deliver', about: collection };
  for (const answering of attendees) {
    const answeredMs = deliveredMs + draws.sample(answerMs);
    const about = answering;
    yield { atMs: answeredMs, collection: answering, byServer: false, role: 'answer', about };
    yield { atMs: answeredMs + replyMs, collection: organiser, byServer: true, role: 'reply', about };
    if (people > mostRefreshed) continue;
    let told = 0;
    for (const collection of attendees) {
      if (collection === answering) continue;
      const wave = Math.floor(told / waveSize) + 1;
      const atMs = answeredMs + replyMs + wave * waveMs;
      yield { atMs, collection, byServer: true, role: 'refresh', about };
      told += 1;
    }
  }
}

/** Others than the organiser, none twice. */
function drawAttendees(calendars: Calendars, organiser: number, count: number, draws: Draws): Set<number> {
  const attendees = new Set<number>();
  while (attendees.size < count) {
    const drawn = calendars.first + Math.floor(draws.uniform() * calendars.count);
    if (drawn !== organiser) attendees.add(drawn);
  }
  return attendees;
}
