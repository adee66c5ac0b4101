import { child, escapeXml, ns } from '../../xml/index.ts';
import { readDepth } from '../http/depth.ts';
import { Refusal } from '../http/refusal.ts';
import { encodeSegment } from '../http/request-target.ts';
import { syncableKinds } from '../properties/syncable.ts';
import { multistatus, propertiesResponse, statusResponse } from '../properties/multistatus.ts';
import type { View } from '../properties/property.ts';
import { readSelection, type Selection } from '../properties/selection.ts';
import { revisionOf, syncTokenAt } from '../properties/sync-token.ts';
import { createView } from '../properties/view.ts';
import { isCollection } from '../store/node.ts';
import type { LoggedChange } from '../store/sync-log.ts';
import { utcZone } from '../recurrence/zone.ts';
import { memberResource } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { readLimit } from './limit.ts';
import { wantsNoZones } from '../objects/zones-by-reference.ts';
import { dataProperty } from './object-data.ts';
import type { Report, ReportRequest } from './report.ts';

type Level = 1 | 'infinite';

/**
 * `sync-level`; older clients send `Depth` instead, and some send both (RFC 6578 appendix A), so a depth beside
 * a level is let pass. @throws Refusal 400
 */
function readLevel({ root, exchange }: ReportRequest): Level {
  const text = child(root, ns.dav, 'sync-level')?.text.trim();
  if (text === '1') return 1;
  if (text === 'infinite' || text === 'infinity') return 'infinite';
  if (text !== undefined) throw new Refusal(400, 'sync-level must be 1 or infinite');
  const depth = readDepth(exchange.headers['depth'], 1);
  return depth === 'infinity' ? 'infinite' : 1;
}

function readSince({ root, context, resource }: ReportRequest): number {
  const token = child(root, ns.dav, 'sync-token')?.text.trim() ?? '';
  if (token === '') return -1;
  const revision = revisionOf(context.store, resource.content, token);
  if (revision === undefined) throw new Refusal(403, 'the sync token is not valid', { ns: ns.dav, name: 'valid-sync-token' });
  return revision;
}

/** sync-collection (RFC 6578). */
export const syncCollection: Report = (request) => {
  const { context, exchange, root, resource } = request;
  if (!syncableKinds.has(resource.content.kind)) {
    throw new Refusal(403, 'this collection keeps no change log', { ns: ns.dav, name: 'supported-report' });
  }
  const level = readLevel(request);
  const since = readSince(request);
  const limit = readLimit(root, ns.dav) ?? Infinity;
  if (child(root, ns.dav, 'prop') === undefined) throw new Refusal(400, 'a sync-collection needs a prop');
  const selection = readSelection(root, (asked) => dataProperty(asked, utcZone, wantsNoZones(exchange.headers)));
  const view = createView(context, exchange);
  const found = since === resource.content.revision ? [] : collect(request, resource, since, level, limit);
  // Members of several levels come in one order of revisions, so that a page ends at a revision.
  if (level === 'infinite') found.sort((a, b) => a.change.revision - b.change.revision);
  const page = pageOf(found, limit);
  const truncated = page.length < found.length;
  let responses = '';
  for (const entry of page) responses += respond(entry, view, selection, exchange.preferences.minimal);
  if (truncated) {
    responses += statusResponse(resource.path, 507, '<D:error><D:number-of-matches-within-limits/></D:error>');
  }
  const revision = truncated ? (page.at(-1)?.change.revision ?? since) : resource.content.revision;
  const token = escapeXml(syncTokenAt(context.store, resource.content, revision));
  return multistatus(responses, {}, `<D:sync-token>${token}</D:sync-token>`);
};

interface Entry {
  readonly change: LoggedChange;
  readonly path: string;
  /** undefined when the member was removed. */
  readonly resource: Resource | undefined;
}

/** A page never ends between changes of one revision: its token could not tell them apart. */
function pageOf(found: readonly Entry[], limit: number): readonly Entry[] {
  if (found.length <= limit) return found;
  let end = limit;
  while (end > 0 && found[end]?.change.revision === found[end - 1]?.change.revision) end -= 1;
  if (end > 0) return found.slice(0, end);
  throw new Refusal(507, 'changes made at once exceed the limit', { ns: ns.dav, name: 'number-of-matches-within-limits' });
}

function collect(request: ReportRequest, collection: Resource, since: number, level: Level, limit: number): Entry[] {
  const { context, exchange } = request;
  const { store } = context;
  // One more than a page, and whatever shares its last revision, tells whether it is truncated.
  const rows = store.log.since(collection.content.id, since, level === 1 && limit < 1e9 ? limit + 1 : -1);
  const entries: Entry[] = [];
  for (const change of rows) {
    const path = `${collection.path}${encodeSegment(change.name)}${change.collection === 1 ? '/' : ''}`;
    const node = change.id === null ? undefined : store.nodes.byId(change.id);
    if (node === undefined) {
      if (since >= 0) entries.push({ change, path, resource: undefined });
      continue;
    }
    const member = memberResource(store, exchange.user, collection, node);
    entries.push({ change, path: member.path, resource: member });
    if (level === 'infinite' && isCollection(member.content)) {
      entries.push(...collect(request, member, since, level, limit));
    }
  }
  return entries;
}

const respond = ({ path, resource }: Entry, view: View, selection: Selection, minimal: boolean): string =>
  resource === undefined ? statusResponse(path, 404) : propertiesResponse(resource, view, selection, minimal);
