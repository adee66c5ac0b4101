import { ns } from '../../xml/index.ts';
import type { Condition } from '../http/refusal.ts';
import type { NodeKind } from '../store/node.ts';

/** What is broken by a collection where none of its kind can be (RFC 4791 section 5.3.1.1, RFC 6352 section 6.3.2.1). */
export function locationCondition(kind: NodeKind): Condition {
  switch (kind) {
    case 'calendar':
      return { ns: ns.caldav, name: 'calendar-collection-location-ok' };
    case 'addressbook':
      return { ns: ns.carddav, name: 'addressbook-collection-location-ok' };
    default:
      return { ns: ns.dav, name: 'valid-resourcetype' };
  }
}
