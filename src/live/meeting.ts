import ICAL from 'ical.js';

/** What a copy of a meeting tells: which one it is, and who has accepted. */
export interface Meeting {
  readonly uid: string;
  /** Calendar user addresses in lower case. */
  readonly accepted: ReadonlySet<string>;
}

const timeOf = (text: string): ICAL.Time => ICAL.Time.fromJSDate(new Date(text), true);

const prefix = 'davpulse-meeting-';

export const meetingUid = (organiser: number, nth: number): string => `${prefix}${organiser}-${nth}`;

/** An event of about `bytes` octets to which the organiser invites others; the organiser comes. */
export function meetingBody(
  uid: string,
  organizer: string,
  attendees: readonly string[],
  bytes: number,
): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//davpulse//EN');
  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', uid);
  event.addPropertyWithValue('dtstamp', timeOf('2026-01-01T00:00:00Z'));
  event.addPropertyWithValue('dtstart', timeOf('2040-01-01T09:00:00Z'));
  event.addPropertyWithValue('dtend', timeOf('2040-01-01T10:00:00Z'));
  event.addPropertyWithValue('summary', 'Meeting');
  event.addPropertyWithValue('organizer', organizer);
  for (const [address, partstat] of [
    [organizer, 'ACCEPTED'] as const,
    ...attendees.map((each) => [each, 'NEEDS-ACTION'] as const),
  ]) {
    event.addPropertyWithValue('attendee', address).setParameter('partstat', partstat);
  }
  calendar.addSubcomponent(event);
  const missing = bytes - calendar.toString().length;
  if (missing > 0) event.addPropertyWithValue('description', 'x'.repeat(missing));
  return `${calendar.toString()}\r\n`;
}

/** The copy of an attendee who accepts. */
export function acceptedBy(body: string, address: string): string {
  const calendar = new ICAL.Component(ICAL.parse(body));
  for (const event of calendar.getAllSubcomponents('vevent')) {
    for (const attendee of event.getAllProperties('attendee')) {
      if (addressOf(attendee) === address.toLowerCase()) attendee.setParameter('partstat', 'ACCEPTED');
    }
  }
  return `${calendar.toString()}\r\n`;
}

/** Reads a copy; undefined for what is no meeting of ours. */
export function readMeeting(body: string): Meeting | undefined {
  if (!body.includes(prefix)) return undefined;
  const event = new ICAL.Component(ICAL.parse(body)).getFirstSubcomponent('vevent');
  const uid = event?.getFirstPropertyValue('uid');
  if (typeof uid !== 'string' || !uid.startsWith(prefix)) return undefined;
  const accepting = event
    ?.getAllProperties('attendee')
    .filter((attendee) => attendee.getFirstParameter('partstat')?.toUpperCase() === 'ACCEPTED');
  return { uid, accepted: new Set(accepting?.map(addressOf)) };
}

const addressOf = (attendee: ICAL.Property): string => String(attendee.getFirstValue()).toLowerCase();
