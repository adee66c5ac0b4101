import type { WatchedKind } from '../push-engine.ts';
import type { Depth, Triggers } from '../store/records.ts';

type Maxima = Omit<Triggers, 'propertyFilter'>;

const members: Maxima = { content: '1', property: '0' };
const home: Maxima = { content: 'infinity', property: 'infinity' };

/** The largest depth that each trigger has on each kind of resource (WebDAV-Push draft, CalDAV and CardDAV part). */
const maxima: Readonly<Record<WatchedKind, Maxima>> = {
  calendar: members,
  addressbook: members,
  inbox: members,
  outbox: members,
  'calendar-home': home,
  'addressbook-home': home,
  principal: { content: undefined, property: '0' },
};

const reach: Readonly<Record<Depth, number>> = { '0': 0, '1': 1, infinity: Infinity };

const lower = (wanted: Depth | undefined, maximum: Depth | undefined): Depth | undefined => {
  if (wanted === undefined || maximum === undefined) return undefined;
  return reach[wanted] <= reach[maximum] ? wanted : maximum;
};

/** The largest depth of each trigger on this kind of resource. */
export const supportedTriggers = (kind: WatchedKind): Maxima => maxima[kind];

/** What is left of the wanted triggers: depths above the maximum are lowered, unsupported triggers dropped. */
export function downgrade(wanted: Triggers, kind: WatchedKind): Triggers {
  return {
    content: lower(wanted.content, maxima[kind].content),
    property: lower(wanted.property, maxima[kind].property),
    propertyFilter: wanted.propertyFilter,
  };
}

/** Whether a trigger of this depth reaches something `distance` levels below the watched resource. */
export const reaches = (depth: Depth | undefined, distance: number): boolean =>
  depth !== undefined && distance <= reach[depth];
