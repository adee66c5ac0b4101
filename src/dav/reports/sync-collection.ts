import { child, escapeXml, ns } from '../../xml/index.ts';
import { readDepth } from '../http/depth.ts';
import { Refusal } from '../http/refusal.ts';
import { encodeSegment } from '../http/request-target.ts';
import { syncableKinds } from '../properties/syncable.ts';
import { multistatus, multistatusOf, propertiesResponse, statusResponse } from '../properties/multistatus.ts';
import type { View } from '../properties/property.ts';
import { readSelection, type Selection } from '../properties/selection.ts';
import { positionOf, syncTokenAt, syncTokenWithin, type SyncPosition } from '../properties/sync-token.ts';
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

const beginning: SyncPosition = { revision: -1, after: undefined };

function readSince({ root, context, resource }: ReportRequest): SyncPosition {
  const token = child(root, ns.dav, 'sync-token')?.text.trim() ?? '';
  if (token === '') return beginning;
  const position = positionOf(context.store, resource.content, token);
  if (position === undefined) {
    throw new Refusal(403, 'the sync token is not valid', { ns: ns.dav, name: 'valid-sync-token' });
  }
  return position;
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
  const selection = readSelection(root, (asked) =>
    dataProperty(asked, utcZone, wantsNoZones(exchange.headers)),
  );
  const view = createView(context, exchange);
  const { minimal } = exchange.preferences;
  if (level === 1 && limit === Infinity && since.after === undefined) {
    // All of one level comes in order: nothing has to be held until it is sent.
    const entries = isCurrent(resource, since) ? [].values() : entriesOf(request, resource, since.revision);
    const responses = entries.map((entry) => respond(entry, view, selection, minimal));
    return multistatusOf(responses, {}, tokenElement(nextToken(request, undefined, undefined)));
  }
  const found = changesSince(request, since, level, limit);
  const page = found.slice(0, limit);
  const truncated = page.length < found.length;
  let responses = '';
  for (const entry of page) responses += respond(entry, view, selection, minimal);
  if (truncated) {
    responses += statusResponse(
      resource.path,
      507,
      '<D:error><D:number-of-matches-within-limits/></D:error>',
    );
  }
  return multistatus(responses, {}, tokenElement(nextToken(request, page.at(-1), found[page.length])));
};

const tokenElement = (token: string): string => `<D:sync-token>${escapeXml(token)}</D:sync-token>`;

const isCurrent = ({ content }: Resource, since: SyncPosition): boolean =>
  since.revision === content.revision && since.after === undefined;

interface Entry {
  readonly change: LoggedChange;
  readonly path: string;
  /** The path below the collection that is asked. */
  readonly below: string;
  /** undefined when the member was removed. */
  readonly resource: Resource | undefined;
}

const isAfter = ({ change, below }: Entry, { revision, after }: SyncPosition): boolean =>
  change.revision > revision || (after !== undefined && change.revision === revision && below > after);

/** Members of several levels come in one order: by revision, and by path within one. */
function changesSince(request: ReportRequest, since: SyncPosition, level: Level, limit: number): Entry[] {
  const { resource } = request;
  if (isCurrent(resource, since)) return [];
  const from = since.after === undefined ? since.revision : since.revision - 1;
  // One more than a page tells whether it is truncated; removed members do not count on the first one.
  const enough = level === 1 && since.after === undefined && from >= 0 && limit < 1e9 ? limit + 1 : -1;
  return collect(request, resource, from, level, enough)
    .filter((entry) => isAfter(entry, since))
    .sort((a, b) => a.change.revision - b.change.revision || (a.below < b.below ? -1 : 1));
}

function nextToken(
  { context: { store }, resource: { content } }: ReportRequest,
  last: Entry | undefined,
  next: Entry | undefined,
): string {
  if (last === undefined || next === undefined) return syncTokenAt(store, content, content.revision);
  const { revision } = last.change;
  return next.change.revision === revision
    ? syncTokenWithin(store, content, revision, last.below)
    : syncTokenAt(store, content, revision);
}

function collect(
  request: ReportRequest,
  collection: Resource,
  since: number,
  level: Level,
  limit: number,
): Entry[] {
  const entries: Entry[] = [];
  for (const entry of entriesOf(request, collection, since, limit)) {
    entries.push(entry);
    const { resource } = entry;
    if (level === 'infinite' && resource !== undefined && isCollection(resource.content)) {
      entries.push(...collect(request, resource, since, level, limit));
    }
  }
  return entries;
}

/** What changed right below a collection, oldest first. */
function* entriesOf(
  { context: { store }, exchange, resource: { path: root } }: ReportRequest,
  collection: Resource,
  since: number,
  limit = -1,
): Generator<Entry> {
  const { id, revision } = collection.content;
  const changes = limit < 0 ? store.log.between(id, since, revision) : store.log.since(id, since, limit);
  for (const change of changes) {
    const node = change.id === null ? undefined : store.nodes.byId(change.id);
    if (node === undefined) {
      const path = `${collection.path}${encodeSegment(change.name)}${change.collection === 1 ? '/' : ''}`;
      if (since >= 0) yield { change, path, below: path.slice(root.length), resource: undefined };
      continue;
    }
    const member = memberResource(store, exchange.user, collection, node);
    yield { change, path: member.path, below: member.path.slice(root.length), resource: member };
  }
}

const respond = ({ path, resource }: Entry, view: View, selection: Selection, minimal: boolean): string =>
  resource === undefined ? statusResponse(path, 404) : propertiesResponse(resource, view, selection, minimal);
