import { event } from '../../dav/harness.ts';
import {
  book,
  calendar,
  home,
  multiget,
  propfind,
  report,
  syncReport,
  type Sequence,
  type Step,
} from './sequence.ts';

const put = (name: string): Step => ({
  method: 'PUT',
  path: calendar + name,
  headers: { 'content-type': 'text/calendar; charset=utf-8', 'if-none-match': '*' },
  body: event(name.replace('.ics', '')),
  status: 201,
});

const davx5: Sequence = {
  client: 'DAVx5',
  steps: [
    propfind('/.well-known/caldav', '0', '<D:current-user-principal/>', { status: 301 }),
    propfind('/', '0', '<D:current-user-principal/>', { status: 207, has: ['current-user-principal'] }),
    propfind(
      '/principals/alice/',
      '0',
      '<C:calendar-home-set/><CR:addressbook-home-set/><D:group-membership/><D:displayname/>',
      { status: 207, has: ['calendar-home-set', 'addressbook-home-set'] },
    ),
    propfind(
      home,
      '1',
      '<D:resourcetype/><D:displayname/><A:calendar-color/><C:calendar-description/><C:calendar-timezone/><D:current-user-privilege-set/><C:supported-calendar-component-set/><D:owner/><P:transports/><P:topic/>',
      { status: 207, contains: ['calendar/', 'tasks/'] },
    ),
    propfind(
      calendar,
      '0',
      '<C:max-resource-size/><D:supported-report-set/><CS:getctag/><D:sync-token/><CR:supported-address-data/>',
      { status: 207, has: ['supported-report-set', 'getctag', 'sync-token', 'max-resource-size'] },
    ),
    report(
      calendar,
      '1',
      '<C:calendar-query><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20260824T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
      { status: 207, hrefs: [`${calendar}a.ics`, `${calendar}b.ics`] },
    ),
    report(calendar, undefined, multiget('calendar', [`${calendar}a.ics`, `${calendar}b.ics`]), {
      status: 207,
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
      contains: ['BEGIN:VEVENT'],
    }),
    put('c.ics'),
    report(book, '0', syncReport('', '<D:getetag/><D:resourcetype/>'), {
      status: 207,
      hrefs: [`${book}ann.vcf`],
    }),
    report(book, '0', syncReport('{token}', '<D:getetag/><D:resourcetype/>'), { status: 207, hrefs: [] }),
    {
      method: 'DELETE',
      path: `${calendar}c.ics`,
      headers: { 'if-match': '{etag}', 'push-dont-notify': '"https://example.invalid/r"' },
      status: 204,
    },
  ],
};

const thunderbird: Sequence = {
  client: 'Thunderbird',
  steps: [
    { method: 'OPTIONS', path: home, status: 200 },
    propfind(
      calendar,
      '0',
      '<D:resourcetype/><D:owner/><D:current-user-principal/><D:current-user-privilege-set/><D:supported-report-set/><C:supported-calendar-component-set/><CS:getctag/>',
      { status: 207, has: ['resourcetype', 'supported-calendar-component-set', 'getctag'] },
    ),
    report(calendar, '1', syncReport('', '<D:getcontenttype/><D:getetag/>'), {
      status: 207,
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
    }),
    report(calendar, '1', multiget('calendar', [`${calendar}a.ics`]), {
      status: 207,
      hrefs: [`${calendar}a.ics`],
    }),
    put('t.ics'),
    report(calendar, '1', syncReport('urn:unknown', '<D:getcontenttype/><D:getetag/>'), {
      status: 403,
      contains: ['valid-sync-token'],
    }),
    report(book, '1', syncReport('', '<D:getetag/><CR:address-data/>'), {
      status: 207,
      hrefs: [`${book}ann.vcf`],
      contains: ['FN:Ann Example'],
    }),
    report(book, '1', syncReport('{token}', '<D:getetag/><CR:address-data/>'), { status: 207, hrefs: [] }),
  ],
};

const evolution: Sequence = {
  client: 'Evolution',
  steps: [
    { method: 'OPTIONS', path: calendar, status: 200 },
    propfind(
      calendar,
      '0',
      '<D:resourcetype/><D:current-user-privilege-set/><D:supported-report-set/><CS:getctag/><C:calendar-user-address-set/>',
      { status: 207, has: ['getctag', 'supported-report-set'] },
    ),
    report(calendar, '0', syncReport('', '<D:getetag/>'), {
      status: 207,
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
    }),
    report(calendar, undefined, multiget('calendar', [`${calendar}a.ics`, `${calendar}gone.ics`]), {
      status: 207,
      hrefs: [`${calendar}a.ics`, `${calendar}gone.ics`],
      contains: ['404'],
    }),
    report(calendar, '0', syncReport('urn:stale', '<D:getetag/>'), {
      status: 403,
      contains: ['valid-sync-token'],
    }),
  ],
};

const vdirsyncer: Sequence = {
  client: 'vdirsyncer',
  steps: [
    propfind('/', '0', '<D:current-user-principal/>', { status: 207, has: ['current-user-principal'] }),
    propfind(calendar, '1', '<D:resourcetype/><D:getcontenttype/><D:getetag/>', {
      status: 207,
      hrefs: [calendar, `${calendar}a.ics`, `${calendar}b.ics`],
      headers: { prefer: 'return=minimal' },
    }),
    report(calendar, undefined, multiget('calendar', [`${calendar}a.ics`, `${calendar}b.ics`]), {
      status: 207,
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
    }),
    put('v.ics'),
  ],
};

const macos: Sequence = {
  client: 'macOS Calendar 10.11',
  steps: [
    propfind(
      '/principals/alice/',
      '0',
      '<C:calendar-home-set/><C:calendar-user-address-set/><D:current-user-principal/><D:displayname/><CS:dropbox-home-URL/><CS:email-address-set/><CS:notification-URL/><D:principal-collection-set/><D:principal-URL/><D:resource-id/><C:schedule-inbox-URL/><C:schedule-outbox-URL/><D:supported-report-set/>',
      {
        status: 207,
        headers: { brief: 't' },
        has: ['calendar-home-set', 'schedule-inbox-URL', 'calendar-user-address-set'],
      },
    ),
    report('/principals/', '0', '<D:principal-search-property-set/>', { status: 200 }),
    report(
      home,
      '1',
      syncReport(
        '',
        '<D:add-member/><CS:allowed-sharing-modes/><A:autoprovisioned/><A:calendar-color/><C:calendar-description/><C:calendar-free-busy-set/><A:calendar-order/><C:calendar-timezone/><D:current-user-privilege-set/><C:default-alarm-vevent-date/><D:displayname/><CS:getctag/><D:owner/><CS:pre-publish-url/><CS:publish-url/><CS:push-transports/><CS:pushkey/><D:quota-available-bytes/><A:refreshrate/><D:resource-id/><D:resourcetype/><C:schedule-calendar-transp/><C:schedule-default-calendar-URL/><CS:source/><C:supported-calendar-component-set/><D:supported-report-set/><D:sync-token/>',
      ),
      { status: 207, headers: { brief: 't' }, contains: [calendar, 'schedule-inbox'] },
    ),
    report(calendar, '1', syncReport('', '<D:getcontenttype/><D:getetag/>'), {
      status: 207,
      headers: { brief: 't' },
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
    }),
    report(calendar, '0', multiget('calendar', [`${calendar}a.ics`, `${calendar}b.ics`]), {
      status: 207,
      headers: { brief: 't' },
      hrefs: [`${calendar}a.ics`, `${calendar}b.ics`],
    }),
    {
      method: 'PROPPATCH',
      path: calendar,
      body: '<?xml version="1.0"?><A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><E:calendar-color xmlns:E="http://apple.com/ns/ical/" symbolic-color="blue">#1BADF8FF</E:calendar-color><E:calendar-order xmlns:E="http://apple.com/ns/ical/">2</E:calendar-order></A:prop></A:set></A:propertyupdate>',
      status: 207,
      contains: ['200'],
    },
    propfind(calendar, '0', '<A:calendar-color/><A:calendar-order/>', {
      status: 207,
      has: ['calendar-color', 'calendar-order'],
      contains: ['symbolic-color="blue"', '#1BADF8FF'],
    }),
  ],
};

const ios: Sequence = {
  client: 'iOS 5',
  steps: [
    propfind(
      home,
      '1',
      '<D:resourcetype/><D:displayname/><A:calendar-color/><CS:getctag/><C:supported-calendar-component-set/><D:current-user-privilege-set/><CS:pushkey/><CS:push-transports/>',
      { status: 207, contains: [calendar] },
    ),
    propfind(calendar, '1', '<D:getetag/><D:getcontenttype/>', {
      status: 207,
      hrefs: [calendar, `${calendar}a.ics`, `${calendar}b.ics`],
    }),
    report(
      calendar,
      '1',
      '<C:calendar-query><D:prop><D:getetag/><D:getcontenttype/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20261101T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
      { status: 207, hrefs: [`${calendar}a.ics`, `${calendar}b.ics`] },
    ),
    report(calendar, '0', multiget('calendar', [`${calendar}a.ics`]), {
      status: 207,
      hrefs: [`${calendar}a.ics`],
    }),
  ],
};

export const sequences: readonly Sequence[] = [davx5, thunderbird, evolution, vdirsyncer, macos, ios];
