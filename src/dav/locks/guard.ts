import { escapeXml } from '../../xml/index.ts';
import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import { Refusal } from '../http/refusal.ts';
import { parseTarget } from '../http/request-target.ts';
import { locate, type Located } from '../tree/locate.ts';
import type { Resource } from '../tree/resource.ts';
import { validatorsOf } from '../properties/collection-tag.ts';
import { syncTokenAt } from '../properties/sync-token.ts';
import { parseIf, type IfCondition, type IfGroup } from './if-header.ts';
import type { Lock } from './lock-table.ts';
import { locksOver } from './locks-over.ts';

/** Tokens that the request shows it knows. */
type Shown = ReadonlySet<string>;

/** Evaluates the `If` header. @throws Refusal 400, 412 */
export function evaluateIf(context: DavContext, exchange: Exchange, located: Located): Shown {
  const header = exchange.headers['if'];
  if (header === undefined) return new Set();
  const groups = parseIf(String(header));
  const holds = groups.some((group) =>
    groupHolds(context, targetOf(context, exchange, located, group), group),
  );
  if (!holds) throw new Refusal(412, 'no list of the If header holds');
  const conditions = groups.flatMap(({ lists }) => lists.flat());
  return new Set(conditions.filter(({ kind }) => kind === 'token').map(({ value }) => value));
}

function targetOf(context: DavContext, exchange: Exchange, own: Located, { url }: IfGroup): Located {
  if (url === undefined) return own;
  return locate(context.store, exchange.user, parseTarget(url).segments);
}

function groupHolds(context: DavContext, { resource, parent }: Located, { lists }: IfGroup): boolean {
  const locks =
    resource === undefined
      ? parent === undefined
        ? []
        : deep(context, parent)
      : locksOver(context, resource);
  const etag = resource && validatorsOf(context.store, resource).etag;
  // A sync token is a state token as well (RFC 6578 section 5).
  const syncState = resource && syncTokenAt(context.store, resource.content, resource.content.revision);
  const met = ({ negated, kind, value }: IfCondition): boolean =>
    negated !==
    (kind === 'etag' ? etag === value : locks.some(({ token }) => token === value) || value === syncState);
  return lists.some((list) => list.every(met));
}

const deep = (context: DavContext, resource: Resource): Lock[] =>
  locksOver(context, resource).filter(({ depth }) => depth === 'infinity');

/**
 * Checks that a change of `resource` is not barred by a lock whose token the request did not show.
 * @throws Refusal 423 with lock-token-submitted
 */
export function requireUnlocked(context: DavContext, user: string, resource: Resource, shown: Shown): void {
  if (context.locks.empty) return;
  const locks = locksOver(context, resource);
  const open = locks.length === 0 || locks.some((lock) => lock.user === user && shown.has(lock.token));
  if (!open) throw locked(resource.path);
}

export const locked = (path: string): Refusal =>
  new Refusal(423, `${path} is locked`, {
    ns: 'DAV:',
    name: 'lock-token-submitted',
    inner: `<D:href>${escapeXml(path)}</D:href>`,
  });
