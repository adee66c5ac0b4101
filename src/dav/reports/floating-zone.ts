import { child, ns, type XmlElement } from '../../xml/index.ts';
import ICAL from 'ical.js';
import { Refusal } from '../http/refusal.ts';
import { parseCalendar } from '../objects/parse-calendar.ts';
import { propertyKey, type View } from '../properties/property.ts';
import { innerXml } from '../properties/stored.ts';
import { componentZone, namedZone, utcZone, type Zone } from '../recurrence/zone.ts';
import type { Resource } from '../tree/resource.ts';

function zoneIn(text: string): Zone | undefined {
  const [component, ...more] = parseCalendar(text.trim())?.getAllSubcomponents() ?? [];
  return component?.name !== 'vtimezone' || more.length > 0
    ? undefined
    : componentZone(new ICAL.Timezone({ component, tzid: 'floating' }));
}

const unescape = (xml: string): string =>
  xml
    .replaceAll('&#13;', '\r')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/**
 * The zone in which a report reads dates and local times: that of the request, that of the collection, or UTC
 * (RFC 4791 section 7.3, RFC 7809 section 5.3). @throws Refusal 403
 */
export function floatingZone(root: XmlElement, resource: Resource, view: View): Zone {
  const given = child(root, ns.caldav, 'timezone');
  if (given !== undefined) {
    const zone = zoneIn(given.text);
    if (zone === undefined)
      throw new Refusal(403, 'not a time zone', { ns: ns.caldav, name: 'valid-calendar-data' });
    return zone;
  }
  const id = child(root, ns.caldav, 'timezone-id');
  if (id !== undefined) {
    const zone = namedZone(id.text.trim());
    if (zone === undefined)
      throw new Refusal(403, 'an unknown time zone', { ns: ns.caldav, name: 'valid-timezone' });
    return zone;
  }
  return zoneOfCollection(resource, view);
}

/** The zone in which dates and local times in a collection are read where nobody names one. */
export function zoneOfCollection(resource: Resource, view: View): Zone {
  const stored = view.stored(resource);
  const own = stored.get(propertyKey(ns.caldav, 'calendar-timezone'));
  const named = stored.get(propertyKey(ns.caldav, 'calendar-timezone-id'));
  const described = own === undefined ? undefined : zoneIn(unescape(innerXml(own)));
  return described ?? (named === undefined ? undefined : namedZone(innerXml(named).trim())) ?? utcZone;
}
