import fc from 'fast-check';
import { propfindBody, syncBody, xml } from './harness.ts';

export const bodies = [
  propfindBody('D:getetag', 'D:resourcetype', 'C:calendar-home-set'),
  syncBody('urn:x', '<D:limit><D:nresults>3</D:nresults></D:limit>', '<D:getetag/><C:calendar-data/>'),
  xml(
    '<C:calendar-query><D:prop><D:getetag/><C:calendar-data><C:expand start="20261201T000000Z" end="20270101T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20261201T000000Z" end="20270101T000000Z"/><C:prop-filter name="SUMMARY"><C:text-match collation="i;octet" negate-condition="yes">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
  ),
  xml(
    '<C:calendar-multiget><D:prop><C:calendar-data/></D:prop><D:href>/calendars/alice/calendar/a.ics</D:href></C:calendar-multiget>',
  ),
  xml(
    '<CR:addressbook-query><D:prop><CR:address-data><CR:prop name="FN"/></CR:address-data></D:prop><CR:filter test="allof"><CR:prop-filter name="FN"><CR:text-match match-type="starts-with">a</CR:text-match></CR:prop-filter></CR:filter></CR:addressbook-query>',
  ),
  xml(
    '<C:free-busy-query><C:time-range start="20261201T000000Z" end="20270101T000000Z"/></C:free-busy-query>',
  ),
  xml(
    '<D:propertyupdate><D:set><D:prop><D:displayname>n</D:displayname><x xmlns="urn:y">z</x></D:prop></D:set><D:remove><D:prop><A:calendar-color/></D:prop></D:remove></D:propertyupdate>',
  ),
  xml(
    '<D:expand-property><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>',
  ),
  xml(
    '<D:principal-property-search><D:property-search><D:prop><D:displayname/></D:prop><D:match>a</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>',
  ),
  xml(
    '<D:lockinfo><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>',
  ),
  xml(
    '<C:mkcalendar><D:set><D:prop><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>',
  ),
  xml(
    '<D:acl><D:ace><D:principal><D:href>/principals/bob/</D:href></D:principal><D:grant><D:privilege><D:read/></D:privilege><D:privilege><D:bind/></D:privilege></D:grant></D:ace></D:acl>',
  ),
  xml(
    '<D:propertyupdate xml:lang="en"><D:set><D:prop><C:calendar-availability>BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VAVAILABILITY\nUID:a\nDTSTART:20261201T000000Z\nBEGIN:AVAILABLE\nUID:b\nDTSTART:20261201T090000Z\nDURATION:PT8H\nRRULE:FREQ=DAILY\nEND:AVAILABLE\nEND:VAVAILABILITY\nEND:VCALENDAR</C:calendar-availability><C:calendar-free-busy-set><D:href>/calendars/alice/calendar/</D:href></C:calendar-free-busy-set><C:calendar-timezone-id>Europe/Vienna</C:calendar-timezone-id></D:prop></D:set></D:propertyupdate>',
  ),
  xml(
    '<P:push-register><P:subscription/><P:trigger><P:content-update><D:depth>1</D:depth></P:content-update></P:trigger></P:push-register>',
  ),
];

const words = [
  '0',
  '-1',
  '99999999999',
  'infinity',
  '"',
  '<',
  '>',
  '&',
  ']]>',
  '\u0000',
  'é',
  '😀',
  '',
  'FREQ=SECONDLY',
  'xmlns="x"',
  '<a/>',
  '\r\n',
  '%',
  '/',
  ';',
  ':',
  ',',
];

/** A text with a few pieces cut, doubled or replaced. */
export const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom(...words), fc.boolean()), { maxLength: 4 }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [at, length, word, twice]) => {
        const start = at % (current.length + 1);
        const cut = current.slice(start, start + length);
        return current.slice(0, start) + word + (twice ? cut + cut : '') + current.slice(start + length);
      }, text),
    );

export const path = fc.oneof(
  fc.constantFrom(
    '/',
    '/principals/alice/',
    '/calendars/alice/',
    '/calendars/alice/calendar/',
    '/calendars/alice/calendar/a.ics',
    '/addressbooks/alice/addressbook/',
    '/calendars/alice/outbox/',
    '/calendars/alice/inbox/',
    '/files/alice/',
    '/push/registrations/x',
    '/calendars/bob/calendar/',
  ),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        'a',
        '%00',
        '%ff',
        '%2f',
        'é',
        'calendars',
        'alice',
        '?add-member',
        '%',
        '//',
      ),
      { maxLength: 6 },
    )
    .map((parts) => `/${parts.join('/')}`),
);

export const method = fc.constantFrom(
  'PROPFIND',
  'REPORT',
  'PROPPATCH',
  'PUT',
  'POST',
  'MKCOL',
  'MKCALENDAR',
  'LOCK',
  'UNLOCK',
  'COPY',
  'MOVE',
  'GET',
  'HEAD',
  'OPTIONS',
  'DELETE',
  'ACL',
  'SEARCH',
);

export const headers = fc.dictionary(
  fc.constantFrom(
    'depth',
    'if',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'destination',
    'overwrite',
    'timeout',
    'lock-token',
    'prefer',
    'brief',
    'content-type',
    'push-dont-notify',
    'if-schedule-tag-match',
    'schedule-reply',
    'content-range',
    'content-encoding',
    'range',
    'accept',
  ),
  fc.constantFrom(
    '0',
    '1',
    'infinity',
    '*',
    '"x"',
    '(<urn:x>)',
    '(Not <urn:x> ["e"])',
    '</a> (<b>',
    '((',
    'Second-9999999999999',
    'Infinite',
    'return=minimal',
    'application/xml',
    'text/calendar',
    'text/calendar; charset="x',
    'text/vcard;version=4.0;q=x',
    'bytes=0-99999999999999999999',
    '/files/alice/x',
    'http://other/x',
    'T',
    'F',
    '',
    ';;;',
    '\u00ff',
  ),
  { maxKeys: 5 },
);
