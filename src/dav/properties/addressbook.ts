import { escapeXml, ns } from '../../xml/index.ts';
import { encodePath } from '../http/request-target.ts';
import type { Resource } from '../tree/resource.ts';
import type { LiveProperty } from './property.ts';
import { storedProperty } from './stored.ts';

const onAddressBook = ({ content }: Resource): boolean => content.kind === 'addressbook';

const live = (
  name: string,
  on: (resource: Resource) => boolean,
  read: LiveProperty['read'],
): LiveProperty => ({
  ns: ns.carddav,
  name,
  read: (resource, view) => (on(resource) ? read(resource, view) : undefined),
});

/** Properties of RFC 6352. */
export const addressBookProperties: readonly LiveProperty[] = [
  storedProperty({ ns: ns.carddav, name: 'addressbook-description', on: onAddressBook }),
  live(
    'supported-address-data',
    onAddressBook,
    () =>
      '<CR:address-data-type content-type="text/vcard" version="3.0"/>' +
      '<CR:address-data-type content-type="text/vcard" version="4.0"/>',
  ),
  live(
    'supported-collation-set',
    (r) => onAddressBook(r) || r.content.kind === 'addressbook-home',
    () =>
      ['i;ascii-casemap', 'i;octet', 'i;unicode-casemap']
        .map((name) => `<CR:supported-collation>${name}</CR:supported-collation>`)
        .join(''),
  ),
  live('max-resource-size', onAddressBook, (_, { context }) => String(context.limits.maxResourceBytes)),
  live(
    'addressbook-home-set',
    ({ node }) => node.kind === 'principal',
    ({ node }) => `<D:href>${escapeXml(encodePath(['addressbooks', node.name], true))}</D:href>`,
  ),
];
