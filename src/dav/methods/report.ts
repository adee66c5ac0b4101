import { ns } from '../../xml/index.ts';
import { readDepth } from '../http/depth.ts';
import { parseBody } from '../http/parse-body.ts';
import { Refusal } from '../http/refusal.ts';
import { addressBookQuery } from '../reports/addressbook-query.ts';
import { calendarQuery } from '../reports/calendar-query.ts';
import { multiget } from '../reports/multiget.ts';
import type { Report } from '../reports/report.ts';
import { acceptedPrincipals, principalMatch } from '../reports/principal-match.ts';
import { principalPropertySearch, searchPropertySet } from '../reports/principal-search.ts';
import { expandProperty } from '../reports/expand-property.ts';
import { freeBusyQuery } from '../reports/free-busy-query.ts';
import { syncCollection } from '../reports/sync-collection.ts';
import { propertyKey } from '../properties/property.ts';
import { supportedReports } from '../properties/supported-reports.ts';
import { element } from '../properties/element-name.ts';
import { locate, required } from '../tree/locate.ts';
import type { Handler } from './handler.ts';

/** Their definitions ask for a depth of 0, which is also what an absent one means (RFC 3744 section 9). */
const ofPrincipals = new Set<Report>([
  principalMatch,
  principalPropertySearch,
  searchPropertySet,
  acceptedPrincipals,
]);

const reports = new Map<string, Report>([
  [propertyKey(ns.dav, 'sync-collection'), syncCollection],
  [propertyKey(ns.caldav, 'calendar-multiget'), multiget],
  [propertyKey(ns.caldav, 'calendar-query'), calendarQuery],
  [propertyKey(ns.carddav, 'addressbook-multiget'), multiget],
  [propertyKey(ns.carddav, 'addressbook-query'), addressBookQuery],
  [propertyKey(ns.caldav, 'free-busy-query'), freeBusyQuery],
  [propertyKey(ns.dav, 'expand-property'), expandProperty],
  [propertyKey(ns.dav, 'principal-match'), principalMatch],
  [propertyKey(ns.dav, 'principal-property-search'), principalPropertySearch],
  [propertyKey(ns.dav, 'principal-search-property-set'), searchPropertySet],
  [propertyKey(ns.dav, 'acl-principal-prop-set'), acceptedPrincipals],
]);

export const report: Handler = (context, exchange) => {
  const root = parseBody(exchange.body);
  const located = locate(context.store, exchange.user, exchange.segments);
  const answer = reports.get(propertyKey(root.ns, root.name));
  const mayAsk = answer === freeBusyQuery && located.resource?.granted?.has('read-free-busy') === true;
  const resource = (mayAsk ? located.resource : undefined) ?? required(located, 'read');
  const supported = supportedReports(resource).includes(element(root.ns, root.name));
  if (answer === undefined || !supported) {
    throw new Refusal(403, `${root.name} is not served here`, { ns: ns.dav, name: 'supported-report' });
  }
  if (ofPrincipals.has(answer) && readDepth(exchange.headers['depth'], 0) !== 0) {
    throw new Refusal(400, `${root.name} has Depth: 0`);
  }
  const answered = answer({ context, exchange, root, resource });
  const applied = exchange.preferences.minimal && answered.status === 207;
  const headers = applied
    ? { ...answered.headers, 'preference-applied': 'return=minimal' }
    : answered.headers;
  return { ...answered, ...(headers === undefined ? {} : { headers }), report: root.name };
};
