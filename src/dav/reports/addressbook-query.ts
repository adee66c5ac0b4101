import { child, ns } from '../../xml/index.ts';
import { parseCard } from '../objects/parse-card.ts';
import { multistatusOf, propertiesResponse, statusResponse } from '../properties/multistatus.ts';
import { readSelection } from '../properties/selection.ts';
import { createView } from '../properties/view.ts';
import { compileCardFilter } from '../query/card-filter.ts';
import { utcZone } from '../recurrence/zone.ts';
import { walk } from '../methods/propfind.ts';
import { dataProperty, textOfObject } from './object-data.ts';
import { readLimit } from './limit.ts';
import { reachOf } from './reach.ts';
import type { Report } from './report.ts';

/** addressbook-query (RFC 6352 section 8.6). */
export const addressBookQuery: Report = ({ context, exchange, root, resource }) => {
  const view = createView(context, exchange);
  const test = compileCardFilter(child(root, ns.carddav, 'filter'));
  const selection = readSelection(root, (asked) => dataProperty(asked, utcZone));
  const limit = Math.min(readLimit(root, ns.carddav) ?? Infinity, context.limits.maxQueryResults);
  const depth = reachOf(exchange, resource);
  const responses = function* (): Generator<string> {
    let found = 0;
    for (const object of walk(context, exchange.user, resource, depth)) {
      if (object.node.kind !== 'object' || !object.node.type.startsWith('text/vcard')) continue;
      const card = parseCard(textOfObject(context, object));
      if (card === undefined || !test(card)) continue;
      found += 1;
      if (found > limit) {
        const more = '<D:error><D:number-of-matches-within-limits/></D:error>';
        yield statusResponse(resource.path, 507, more);
        return;
      }
      yield propertiesResponse(object, view, selection, exchange.preferences.minimal);
    }
  };
  return multistatusOf(responses());
};
