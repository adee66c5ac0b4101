import ICAL from 'ical.js';
import type { DavContext } from '../context.ts';
import { happenings } from '../recurrence/instances.ts';
import { attendeeOf, attendeesOf } from './participants.ts';

export const copyOf = (component: ICAL.Component): ICAL.Component =>
  new ICAL.Component(structuredClone(component.toJSON()));

export const textOf = (calendar: ICAL.Component): string => `${calendar.toString()}\r\n`;

/** What an attendee gets of an event: the components that invite that attendee (RFC 6638 section 3.2.6). */
export function invitation(context: DavContext, calendar: ICAL.Component, user: string): ICAL.Component {
  const result = copyOf(calendar);
  result.removeAllProperties('method');
  for (const component of happenings(result)) {
    withoutDelivery(component);
    for (const alarm of component.getAllSubcomponents('valarm')) component.removeSubcomponent(alarm);
    if (attendeeOf(context, component, user) !== undefined) continue;
    result.removeSubcomponent(component);
    exclude(result, component);
  }
  return result;
}

const delivery = ['schedule-agent', 'schedule-status', 'schedule-force-send'];

/** How an event is delivered is between a client and its server: messages do not tell it (RFC 6638 section 7). */
function withoutDelivery(component: ICAL.Component): void {
  for (const property of [...attendeesOf(component), ...component.getAllProperties('organizer')])
    for (const name of delivery) property.removeParameter(name);
}

/** An instance that an attendee of the whole is not invited to does not happen for that attendee. */
function exclude(calendar: ICAL.Component, override: ICAL.Component): void {
  const id = override.getFirstProperty('recurrence-id');
  const master = happenings(calendar).find((component) => !component.hasProperty('recurrence-id'));
  if (id === null || master === undefined) return;
  const [, parameters, type, ...values] = id.toJSON();
  master.addProperty(new ICAL.Property(['exdate', structuredClone(parameters), type, ...values]));
}

/** The same as an iTIP message. */
export function withMethod(calendar: ICAL.Component, method: 'REQUEST' | 'CANCEL' | 'REPLY'): ICAL.Component {
  const result = copyOf(calendar);
  result.updatePropertyWithValue('method', method);
  if (method === 'CANCEL') {
    for (const component of happenings(result)) component.updatePropertyWithValue('status', 'CANCELLED');
  }
  return result;
}

/** A REPLY that tells how one attendee takes part (RFC 5546 section 3.2.3). */
export function replyOf(
  context: DavContext,
  calendar: ICAL.Component,
  user: string,
  declined: boolean,
): ICAL.Component {
  const result = withMethod(calendar, 'REPLY');
  for (const component of happenings(result)) {
    const own = attendeeOf(context, component, user);
    if (own === undefined) {
      result.removeSubcomponent(component);
      continue;
    }
    if (declined) own.setParameter('partstat', 'DECLINED');
    withoutDelivery(component);
    for (const attendee of attendeesOf(component)) if (attendee !== own) component.removeProperty(attendee);
    for (const alarm of component.getAllSubcomponents('valarm')) component.removeSubcomponent(alarm);
    component.updatePropertyWithValue('request-status', ['2.0', 'Success']);
  }
  return result;
}
