import type { Resource } from '../tree/resource.ts';
import { syncableKinds } from './syncable.ts';

const always = [
  '<D:expand-property/>',
  '<D:principal-match/>',
  '<D:principal-property-search/>',
  '<D:principal-search-property-set/>',
  '<D:acl-principal-prop-set/>',
];

/** The REPORT requests that a resource answers, as empty elements. */
export function supportedReports({ content, parent }: Resource): string[] {
  const { kind } = content;
  const holder = kind === 'object' ? parent?.content.kind : kind;
  const reports = [...always];
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
