import type { NodeKind } from '../store/node.ts';
import type { Resource } from '../tree/resource.ts';
import { syncableKinds } from './syncable.ts';

const always = [
  '<D:expand-property/>',
  '<D:principal-match/>',
  '<D:principal-property-search/>',
  '<D:acl-principal-prop-set/>',
];

/** RFC 3744 section 9.5 asks for that report where principals are; some clients look for them from the root. */
const ofPrincipals: ReadonlySet<NodeKind> = new Set<NodeKind>(['root', 'principals', 'principal']);

/** The REPORT requests that a resource answers, as empty elements. */
export function supportedReports({ content, parent }: Resource): string[] {
  const { kind } = content;
  const holder = kind === 'object' ? parent?.content.kind : kind;
  const reports = [...always];
  if (ofPrincipals.has(kind)) reports.push('<D:principal-search-property-set/>');
  if (syncableKinds.has(kind)) reports.push('<D:sync-collection/>');
  if (holder === 'calendar' || holder === 'inbox' || kind === 'outbox' || kind === 'calendar-home') {
    reports.push('<C:calendar-query/>', '<C:calendar-multiget/>');
  }
  if (kind === 'calendar' || kind === 'calendar-home') reports.push('<C:free-busy-query/>');
  if (holder === 'addressbook' || kind === 'addressbook-home') {
    reports.push('<CR:addressbook-query/>', '<CR:addressbook-multiget/>');
  }
  return reports;
}
