import { child, ns } from '../../xml/index.ts';
import { parseCard } from '../objects/parse-card.ts';
import { multistatusOf, propertiesResponse, statusResponse } from '../properties/multistatus.ts';
import { readSelection } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { compileCardFilter } from '../query/card-filter.ts';
import { utcZone } from '../recurrence/zone.ts';
import { walk } from '../methods/propfind.ts';
import type { Resource } from '../tree/resource.ts';
import { dataProperty, textOfObject } from './object-data.ts';
import { readLimit } from './limit.ts';
import { reachOf } from './reach.ts';
import type { Report } from './report.ts';

const tooMany = '<D:error><D:number-of-matches-within-limits/></D:error>';

const byPath = (a: Resource, b: Resource): number => (a.path < b.path ? -1 : 1);

/** addressbook-query (RFC 6352 section 8.6). */
export const addressBookQuery: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  const test = compileCardFilter(child(root, ns.carddav, 'filter'));
  const selection = readSelection(root, (asked) => dataProperty(asked, utcZone));
  const asked = readLimit(root, ns.carddav);
  const limit = Math.min(asked ?? Infinity, context.limits.maxQueryResults);
  const within = walk(context, exchange.user, resource, reachOf(exchange, resource));
  // Who wants the first few gets the same ones whatever was written last: by name, as Apple's server gives them.
  const objects = asked === undefined ? within : [...within].sort(byPath).values();
  // One more than may be told tells that there are more.
  const responses = objects
    .filter((object) => {
      if (object.node.kind !== 'object' || !object.node.type.startsWith('text/vcard')) return false;
      const card = parseCard(textOfObject(context, object));
      return card !== undefined && test(card);
    })
    .take(limit + 1)
    .map((object, at) =>
      at < limit
        ? propertiesResponse(object, view, selection, exchange.preferences.minimal)
        : statusResponse(resource.path, 507, tooMany),
    );
  return multistatusOf(responses);
};
