import { child, children, escapeText, escapeXml, ns, parseXml, type XmlElement } from '../../xml/index.ts';
import { Refusal } from '../http/refusal.ts';
import { encodePath, pathIn, pathSegments } from '../http/request-target.ts';
import { allComponents, defaultComponents } from '../objects/supported-components.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { calendarAddress } from '../scheduling/address.ts';
import { defaultCalendar } from '../scheduling/default-calendar.ts';
import { describeZone } from '../recurrence/describe-zone.ts';
import { namedZone } from '../recurrence/zone.ts';
import { locate } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { availabilityProperties } from './availability.ts';
import { principalPath } from './dav.ts';
import { freeBusySet } from './free-busy-set.ts';
import { propertyKey, type LiveProperty, type View } from './property.ts';
import { storedProperty } from './stored.ts';

const href = (path: string): string => `<D:href>${escapeXml(path)}</D:href>`;
const onCalendar = ({ content }: Resource): boolean => content.kind === 'calendar';
const onPrincipal = ({ node }: Resource): boolean => node.kind === 'principal';
const calendarLike = ({ content }: Resource): boolean =>
  content.kind === 'calendar' || content.kind === 'inbox' || content.kind === 'outbox';

const paced = new Set(['calendar', 'addressbook', 'calendar-home', 'addressbook-home']);

export const minDateTime = '19000101T000000Z';
export const maxDateTime = '21000101T000000Z';

const defaultSet = defaultComponents.map((name) => `<C:comp name="${name}"/>`).join('');

const live = (
  name: string,
  on: (resource: Resource) => boolean,
  read: LiveProperty['read'],
): LiveProperty => ({
  ns: ns.caldav,
  name,
  read: (resource, view) => (on(resource) ? read(resource, view) : undefined),
});

function checkTimezone(value: XmlElement): Refusal | undefined {
  const parsed = parseCalendar(value.text.trim());
  const parts = parsed?.getAllSubcomponents() ?? [];
  if (parts.length === 1 && parts[0]?.name === 'vtimezone') return undefined;
  return new Refusal(403, 'not an iCalendar object with one time zone and nothing else', {
    ns: ns.caldav,
    name: 'valid-calendar-data',
  });
}

/** The name of the zone that `calendar-timezone` describes, where it is one of the IANA database (RFC 7809 section 5.2). */
function describedZone(resource: Resource, view: View): string | undefined {
  const stored = view.stored(resource).get(propertyKey(ns.caldav, 'calendar-timezone'));
  if (stored === undefined) return undefined;
  const zone = parseCalendar(parseXml(stored).text.trim())?.getFirstSubcomponent('vtimezone');
  const name = String(zone?.getFirstPropertyValue('tzid') ?? '');
  return namedZone(name) === undefined ? undefined : escapeXml(name);
}

/** The zone that `calendar-timezone-id` names, for clients that know no names (RFC 7809 section 5.2). */
function namedTimezone(resource: Resource, view: View): string | undefined {
  const stored = view.stored(resource).get(propertyKey(ns.caldav, 'calendar-timezone-id'));
  const described = stored && describeZone(parseXml(stored).text.trim());
  return described && escapeText(described);
}

const checkTimezoneId = (value: XmlElement): Refusal | undefined =>
  namedZone(value.text.trim()) === undefined
    ? new Refusal(403, 'an unknown time zone', { ns: ns.caldav, name: 'valid-timezone' })
    : undefined;

function checkComponents(value: XmlElement): Refusal | undefined {
  const names = children(value, ns.caldav, 'comp').map(({ attributes }) => attributes['name']?.toUpperCase());
  const known =
    names.length > 0 && names.every((name) => allComponents.some((component) => component === name));
  return known
    ? undefined
    : new Refusal(403, 'a calendar cannot hold these components', {
        ns: ns.caldav,
        name: 'supported-calendar-component',
      });
}

/** It must be one of the user's own calendars (RFC 6638 section 9.2). */
function checkDefaultCalendar(
  value: XmlElement,
  { content }: Resource,
  { context, user }: View,
): Refusal | undefined {
  const path = pathIn((child(value, ns.dav, 'href')?.text ?? '').trim());
  const found = locate(context.store, user, pathSegments(path)).resource?.node;
  if (found?.kind === 'calendar' && found.owner === content.owner && found.target === null) return undefined;
  return new Refusal(403, 'not one of the calendars of this user', {
    ns: ns.caldav,
    name: 'valid-schedule-default-calendar-URL',
  });
}

const checkTransparency = (value: XmlElement): Refusal | undefined =>
  child(value, ns.caldav, 'opaque') === undefined && child(value, ns.caldav, 'transparent') === undefined
    ? new Refusal(409, 'must be opaque or transparent')
    : undefined;

/** The interval between contacts that the server wishes for at its load, where it announces one. */
const announcedInterval = ({ content }: Resource, { context: { pace } }: View): string | undefined =>
  pace === undefined || !paced.has(content.kind) ? undefined : `PT${Math.round(pace() / 1000)}S`;

/** Properties of RFC 4791, RFC 6638 and RFC 7809. */
export const calendarProperties: readonly LiveProperty[] = [
  storedProperty({ ns: ns.caldav, name: 'calendar-description', on: onCalendar }),
  storedProperty({
    ns: ns.caldav,
    name: 'calendar-timezone',
    twin: 'calendar-timezone-id',
    on: calendarLike,
    otherwise: namedTimezone,
    check: checkTimezone,
  }),
  storedProperty({
    ns: ns.caldav,
    name: 'calendar-timezone-id',
    twin: 'calendar-timezone',
    on: calendarLike,
    otherwise: describedZone,
    check: checkTimezoneId,
  }),
  {
    ...storedProperty({
      ns: ns.caldav,
      name: 'supported-calendar-component-set',
      on: calendarLike,
      otherwise: () => defaultSet,
      check: checkComponents,
    }),
  },
  storedProperty({
    ns: ns.caldav,
    name: 'schedule-calendar-transp',
    on: onCalendar,
    otherwise: () => '<C:opaque/>',
    check: checkTransparency,
  }),
  storedProperty({
    ns: ns.caldav,
    name: 'schedule-default-calendar-URL',
    on: ({ content }) => content.kind === 'inbox',
    otherwise: ({ content }, { context }) => {
      const calendar = defaultCalendar(context, content.owner);
      return calendar && href(encodePath(['calendars', content.owner, calendar.name], true));
    },
    check: checkDefaultCalendar,
  }),
  freeBusySet,
  ...availabilityProperties,
  live(
    'supported-calendar-data',
    calendarLike,
    () => '<C:calendar-data content-type="text/calendar" version="2.0"/>',
  ),
  live(
    'supported-collation-set',
    (resource) => calendarLike(resource) || resource.content.kind === 'calendar-home',
    () =>
      ['i;ascii-casemap', 'i;octet', 'i;unicode-casemap']
        .map((name) => `<C:supported-collation>${name}</C:supported-collation>`)
        .join(''),
  ),
  live('max-resource-size', calendarLike, (_, { context }) => String(context.limits.maxResourceBytes)),
  live('max-instances', calendarLike, (_, { context }) => String(context.limits.maxInstances)),
  live('max-attendees-per-instance', calendarLike, (_, { context }) => String(context.limits.maxAttendees)),
  live('min-date-time', calendarLike, () => minDateTime),
  live('max-date-time', calendarLike, () => maxDateTime),
  live('calendar-home-set', onPrincipal, ({ node }) => href(encodePath(['calendars', node.name], true))),
  live(
    'calendar-user-address-set',
    onPrincipal,
    ({ node }) => href(calendarAddress(node.name)) + href(principalPath(node.name)),
  ),
  live('calendar-user-type', onPrincipal, () => 'INDIVIDUAL'),
  live('schedule-inbox-URL', onPrincipal, ({ node }) =>
    href(encodePath(['calendars', node.name, 'inbox'], true)),
  ),
  live('schedule-outbox-URL', onPrincipal, ({ node }) =>
    href(encodePath(['calendars', node.name, 'outbox'], true)),
  ),
  // Apple's clients ask for it; a duration as in REFRESH-INTERVAL of RFC 7986 section 5.7.
  storedProperty({ ns: ns.apple, name: 'refreshrate', otherwise: announcedInterval }),
  live(
    'schedule-tag',
    ({ node }) => node.scheduleTag !== null,
    ({ node }) => escapeXml(node.scheduleTag ?? ''),
  ),
  live(
    'supported-calendar-component-sets',
    ({ content }) => content.kind === 'calendar-home',
    () => `<C:supported-calendar-component-set>${defaultSet}</C:supported-calendar-component-set>`,
  ),
  {
    ns: ns.calendarserver,
    name: 'email-address-set',
    read: ({ node }) =>
      node.kind === 'principal'
        ? `<CS:email-address>${escapeXml(calendarAddress(node.name).slice('mailto:'.length))}</CS:email-address>`
        : undefined,
  },
];
