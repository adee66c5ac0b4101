import { card, event, xml } from '../../dav/harness.ts';
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

const types = { '.ics': 'text/calendar; charset=utf-8', '.vcf': 'text/vcard; charset=utf-8' } as const;

const write = (path: string, condition: Record<string, string>, status: number, body: string): Step => ({
  method: 'PUT',
  path,
  headers: { 'content-type': path.endsWith('.ics') ? types['.ics'] : types['.vcf'], ...condition },
  body,
  status,
});

const create = (path: string, body: string): Step => write(path, { 'if-none-match': '*' }, 201, body);
const update = (path: string, body: string): Step => write(path, { 'if-match': '{etag}' }, 204, body);
const late = (path: string, body: string): Step => write(path, { 'if-match': '"other"' }, 412, body);
const remove = (path: string, headers: Record<string, string> = { 'if-match': '{etag}' }): Step => ({
  method: 'DELETE',
  path,
  headers,
  status: 204,
});

const later = (uid: string): string => event(uid, ['LOCATION:Room 2']);

/** What DAVx5 does once a push endpoint is there: registers without a trigger, and names itself on what it writes. */
const davx5: Sequence = {
  client: 'DAVx5 with push',
  steps: [
    propfind(calendar, '0', '<P:transports/><P:topic/><P:supported-triggers/>', {
      status: 207,
      has: ['transports', 'topic', 'supported-triggers'],
      contains: ['vapid-public-key'],
    }),
    {
      method: 'POST',
      path: calendar,
      headers: { 'content-type': 'application/xml; charset=utf-8' },
      body: xml(
        '<P:push-register><P:subscription><P:web-push-subscription><P:push-resource>http://127.0.0.1:9/endpoint</P:push-resource><P:subscription-public-key type="p256dh">BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4</P:subscription-public-key><P:auth-secret>BTBZMqHH6r4Tts7J_aSIgg</P:auth-secret></P:web-push-subscription></P:subscription><P:expires>{inThreeDays}</P:expires></P:push-register>',
      ),
      status: 201,
    },
    {
      ...create(`${calendar}c.ics`, event('c')),
      headers: { ...create(`${calendar}c.ics`, '').headers, 'push-dont-notify': '"{location}"' },
    },
    update(`${calendar}c.ics`, later('c')),
    late(`${calendar}c.ics`, later('c')),
    remove(`${calendar}c.ics`, { 'if-match': '{etag}', 'push-dont-notify': '"{location}"' }),
    { method: 'DELETE', path: '{locationPath}', status: 204 },
    { method: 'DELETE', path: '{locationPath}', status: 404 },
  ],
};

/** Thunderbird asks with the token of before what changed, and is told of what was removed by a bare 404. */
const thunderbird: Sequence = {
  client: 'Thunderbird, writing',
  steps: [
    report(calendar, '1', syncReport('', '<D:getcontenttype/><D:getetag/>'), { status: 207 }),
    create(`${calendar}c.ics`, event('c')),
    update(`${calendar}c.ics`, later('c')),
    report(calendar, '1', syncReport('{token}', '<D:getcontenttype/><D:getetag/>'), {
      status: 207,
      hrefs: [`${calendar}c.ics`],
    }),
    remove(`${calendar}c.ics`),
    report(calendar, '1', syncReport('{token}', '<D:getcontenttype/><D:getetag/>'), {
      status: 207,
      hrefs: [`${calendar}c.ics`],
      contains: ['404'],
    }),
    create(`${book}bob.vcf`, card('bob')),
    { method: 'GET', path: `${book}bob.vcf`, status: 200, contains: ['UID:bob'] },
    update(`${book}bob.vcf`, card('bob', ['NOTE:x'])),
    remove(`${book}bob.vcf`),
  ],
};

/** Evolution looks for the CTag where it was told of a download window, and fetches by multiget. */
const evolution: Sequence = {
  client: 'Evolution, writing',
  steps: [
    propfind(calendar, '0', '<CS:getctag/>', { status: 207, has: ['getctag'] }),
    create(`${calendar}c.ics`, event('c')),
    report(
      calendar,
      '1',
      '<C:calendar-query><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>',
      { status: 207, hrefs: [`${calendar}a.ics`, `${calendar}b.ics`, `${calendar}c.ics`] },
    ),
    update(`${calendar}c.ics`, later('c')),
    late(`${calendar}c.ics`, later('c')),
    remove(`${calendar}c.ics`, {}),
    report(book, '0', syncReport('', '<D:getetag/>'), { status: 207, hrefs: [`${book}ann.vcf`] }),
    create(`${book}bob.vcf`, card('bob')),
    report(book, '0', syncReport('{token}', '<D:getetag/>'), { status: 207, hrefs: [`${book}bob.vcf`] }),
    report(book, undefined, multiget('addressbook', [`${book}bob.vcf`]), {
      status: 207,
      hrefs: [`${book}bob.vcf`],
      contains: ['UID:bob'],
    }),
    remove(`${book}bob.vcf`, {}),
  ],
};

/** vdirsyncer makes collections by extended MKCOL, names them, and lists all at each run. */
const vdirsyncer: Sequence = {
  client: 'vdirsyncer, writing',
  steps: [
    propfind('/principals/alice/', '0', '<C:calendar-home-set/>', {
      status: 207,
      has: ['calendar-home-set'],
    }),
    propfind(home, '1', '<D:resourcetype/>', { status: 207, contains: [calendar] }),
    {
      method: 'MKCOL',
      path: `${home}made/`,
      headers: { 'content-type': 'application/xml; charset=UTF-8' },
      body: xml(
        '<D:mkcol><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>',
      ),
      status: 201,
    },
    {
      method: 'PROPPATCH',
      path: `${home}made/`,
      headers: { 'content-type': 'application/xml; charset=UTF-8' },
      body: xml(
        '<D:propertyupdate><D:set><D:prop><D:displayname>Made</D:displayname><A:calendar-color>#00FF00</A:calendar-color></D:prop></D:set></D:propertyupdate>',
      ),
      status: 207,
      contains: ['200'],
    },
    create(`${home}made/c.ics`, event('c')),
    update(`${home}made/c.ics`, later('c')),
    late(`${home}made/c.ics`, later('c')),
    remove(`${home}made/c.ics`),
    propfind(book, '1', '<D:resourcetype/><D:getcontenttype/><D:getetag/>', {
      status: 207,
      hrefs: [book, `${book}ann.vcf`],
    }),
    report(book, undefined, multiget('addressbook', [`${book}ann.vcf`]), {
      status: 207,
      hrefs: [`${book}ann.vcf`],
    }),
    { method: 'DELETE', path: `${home}made/`, status: 204 },
  ],
};

/** Apple's Calendar makes calendars by MKCALENDAR and follows its home by one report; Contacts does likewise. */
const apple: Sequence = {
  client: 'macOS Calendar and Contacts, writing',
  steps: [
    {
      method: 'MKCALENDAR',
      path: `${home}5F3C/`,
      headers: { 'content-type': 'text/xml' },
      body: xml(
        '<C:mkcalendar><D:set><D:prop><D:displayname>Work</D:displayname><A:calendar-color symbolic-color="red">#FF2968FF</A:calendar-color><A:calendar-order>3</A:calendar-order><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set><C:calendar-free-busy-set><YES/></C:calendar-free-busy-set></D:prop></D:set></C:mkcalendar>',
      ),
      status: 201,
    },
    report(home, '1', syncReport('', '<D:getetag/><CS:getctag/><D:sync-token/>'), {
      status: 207,
      headers: { brief: 't' },
      contains: [`${home}5F3C/`],
    }),
    create(`${home}5F3C/c.ics`, event('c')),
    report(home, '1', syncReport('{token}', '<D:getetag/><CS:getctag/><D:sync-token/>'), {
      status: 207,
      headers: { brief: 't' },
      hrefs: [`${home}5F3C/`],
    }),
    { ...update(`${home}5F3C/c.ics`, later('c')) },
    { method: 'DELETE', path: `${home}5F3C/`, status: 204 },
    propfind('/principals/alice/', '0', '<CR:addressbook-home-set/><CR:directory-gateway/><D:resource-id/>', {
      status: 207,
      headers: { brief: 't' },
      has: ['addressbook-home-set'],
    }),
    propfind(
      '/addressbooks/alice/',
      '1',
      '<D:add-member/><D:displayname/><CS:getctag/><CR:max-image-size/><CR:max-resource-size/><D:owner/><CS:push-transports/><CS:pushkey/><D:resourcetype/><D:supported-report-set/><D:sync-token/>',
      {
        status: 207,
        headers: { brief: 't' },
        contains: [book],
      },
    ),
    report(book, '1', syncReport('', '<D:getetag/>'), { status: 207, hrefs: [`${book}ann.vcf`] }),
    create(`${book}bob.vcf`, card('bob')),
    report(book, '0', multiget('addressbook', [`${book}bob.vcf`]), {
      status: 207,
      headers: { brief: 't' },
      hrefs: [`${book}bob.vcf`],
    }),
    remove(`${book}bob.vcf`),
  ],
};

export const writing: readonly Sequence[] = [davx5, thunderbird, evolution, vdirsyncer, apple];
