import { describe, expect, it } from 'vitest';
import {
  card,
  condition,
  event,
  parts,
  propfindBody,
  startTestServer,
  syncBody,
  syncToken,
  xml,
} from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const book = '/addressbooks/alice/addressbook/';

describe('collections', () => {
  it('are made with properties, or not at all', async () => {
    await using test = await startTestServer();
    const make = xml(
      '<D:mkcol><D:set><D:prop><D:resourcetype><D:collection/><CR:addressbook/></D:resourcetype><D:displayname>Fellows &amp; friends</D:displayname><x xmlns="urn:x"><y a="1">😀</y></x></D:prop></D:set></D:mkcol>',
    );
    const path = '/addressbooks/alice/fellows/';
    expect(
      (await test.ask('MKCOL', path, { headers: { 'content-type': 'application/xml' }, body: make })).status,
    ).toBe(201);
    expect(
      (await test.ask('MKCOL', path, { headers: { 'content-type': 'application/xml' }, body: make })).status,
    ).toBe(405);
    const [made] = parts(
      await test.ask('PROPFIND', path, {
        headers: { depth: '0' },
        body: xml(
          '<D:propfind><D:prop><D:displayname/><D:resourcetype/><x xmlns="urn:x"/></D:prop></D:propfind>',
        ),
      }),
    );
    expect(made?.found.get('displayname')?.text).toBe('Fellows & friends');
    expect(made?.found.get('resourcetype')?.children.map(({ name }) => name)).toEqual([
      'collection',
      'addressbook',
    ]);
    expect(made?.found.get('x')?.children[0]).toMatchObject({
      ns: 'urn:x',
      name: 'y',
      text: '😀',
      attributes: { a: '1' },
    });
    const bad = xml(
      '<C:mkcalendar><D:set><D:prop><D:displayname>x</D:displayname><D:getetag>y</D:getetag></D:prop></D:set></C:mkcalendar>',
    );
    const refused = await test.ask('MKCALENDAR', '/calendars/alice/bad/', { body: bad });
    expect([refused.status, refused.text]).toEqual([
      207,
      expect.stringMatching(/424.*|cannot-modify-protected-property/),
    ]);
    expect((await test.ask('PROPFIND', '/calendars/alice/bad/', { headers: { depth: '0' } })).status).toBe(
      404,
    );
    expect((await test.ask('MKCALENDAR', '/calendars/alice/no/such/')).status).toBe(409);
    expect(condition(await test.ask('MKCALENDAR', `${calendar}inner/`))).toBe(
      'calendar-collection-location-ok',
    );
    const components = xml(
      '<C:mkcalendar><D:set><D:prop><C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>',
    );
    await test.ask('MKCALENDAR', '/calendars/alice/todo/', { body: components });
    const [todo] = parts(
      await test.ask('PROPFIND', '/calendars/alice/todo/', {
        headers: { depth: '0' },
        body: propfindBody('C:supported-calendar-component-set'),
      }),
    );
    expect(todo?.found.get('supported-calendar-component-set')?.children).toMatchObject([
      { ns: 'urn:ietf:params:xml:ns:caldav', name: 'comp', attributes: { name: 'VTODO' } },
    ]);
  });

  it('are told of changes below a home, and take sync tokens as states', async () => {
    await using test = await startTestServer();
    const home = '/calendars/alice/';
    const first = await test.ask('REPORT', home, { body: syncBody('') });
    expect(parts(first)).toHaveLength(4);
    await test.ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const second = await test.ask('REPORT', home, { body: syncBody(syncToken(first)) });
    expect(parts(second).map(({ href }) => href)).toEqual([calendar]);
    const deep = await test.ask('REPORT', home, {
      body: syncBody(syncToken(first)).replace('<D:sync-level>1', '<D:sync-level>infinite'),
    });
    expect(parts(deep).map(({ href }) => href)).toEqual([calendar, `${calendar}a.ics`]);
    const state = syncToken(await test.ask('REPORT', calendar, { body: syncBody('') }));
    const put = (token: string) =>
      test.ask('PUT', `${calendar}b.ics`, {
        headers: { if: `<${calendar}> (<${token}>)` },
        body: event('b'),
      });
    expect((await put(state)).status).toBe(201);
    expect((await put(state)).status).toBe(412);
  });

  it('leave a new address book where the last one of a home was removed', async () => {
    await using test = await startTestServer();
    const home = '/addressbooks/alice/';
    await test.ask('PUT', `${book}a.vcf`, { body: card('a') });
    const first = await test.ask('REPORT', home, { body: syncBody('') });
    expect((await test.ask('DELETE', book)).status).toBe(204);
    const second = await test.ask('REPORT', home, { body: syncBody(syncToken(first)) });
    expect(parts(second)).toMatchObject([{ href: book, status: undefined }]);
    expect(parts(await test.ask('REPORT', book, { body: syncBody('') }))).toEqual([]);
    expect((await test.ask('PUT', `${book}a.vcf`, { body: card('a') })).status).toBe(201);
    await test.ask('MKCOL', `${home}other/`, {
      body: xml(
        '<D:mkcol><D:set><D:prop><D:resourcetype><D:collection/><CR:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>',
      ),
    });
    expect((await test.ask('DELETE', book)).status).toBe(204);
    expect((await test.ask('DELETE', book)).status).toBe(404);
  });

  it('are searched, matched and expanded', async () => {
    await using test = await startTestServer();
    const search = xml(
      '<D:principal-property-search><D:property-search><D:prop><D:displayname/></D:prop><D:match>BO</D:match></D:property-search><D:prop><C:calendar-home-set/></D:prop></D:principal-property-search>',
    );
    const found = parts(await test.ask('REPORT', '/principals/', { body: search }));
    expect(found.map(({ href }) => href)).toEqual(['/principals/bob/']);
    const match = await test.ask('REPORT', '/principals/', {
      body: xml('<D:principal-match><D:self/></D:principal-match>'),
    });
    expect(parts(match).map(({ href }) => href)).toEqual(['/principals/alice/']);
    const expand = await test.ask('REPORT', calendar, {
      body: xml(
        '<D:expand-property><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>',
      ),
    });
    expect(parts(expand)[0]?.found.get('owner')?.children[0]).toMatchObject({ name: 'response' });
    const names = parts(
      await test.ask('PROPFIND', calendar, {
        headers: { depth: '0' },
        body: xml('<D:propfind><D:propname/></D:propfind>'),
      }),
    )[0];
    expect([...(names?.found.keys() ?? [])]).toEqual(
      expect.arrayContaining(['resourcetype', 'sync-token', 'supported-calendar-component-set', 'acl']),
    );
    const minimal = parts(
      await test.ask('PROPFIND', calendar, {
        headers: { depth: '0', prefer: 'return=minimal' },
        body: propfindBody('D:nothing', 'D:displayname'),
      }),
    )[0];
    expect([minimal?.missing, minimal?.found.size]).toEqual([[], 1]);
    const noRoot = await test.ask('PROPFIND', '/calendars/alice/', {
      headers: { depth: '1', prefer: 'depth-noroot' },
      body: propfindBody('D:displayname'),
    });
    expect(parts(noRoot).map(({ href }) => href)).not.toContain('/calendars/alice/');
  });

  it('take new members at the add-member URL, and cards by query', async () => {
    await using test = await startTestServer();
    const posted = await test.ask('POST', `${book}?add-member`, {
      headers: { 'content-type': 'text/vcard' },
      body: card('a', ['EMAIL;TYPE=WORK:ann@example.org', 'NICKNAME:Änn']),
    });
    expect(posted.status).toBe(201);
    await test.ask('PUT', `${book}b.vcf`, { body: card('b').replaceAll('Ann', 'Bert') });
    const ask = async (filter: string, data = '<CR:address-data/>', more = '') =>
      test.ask('REPORT', book, {
        headers: { depth: '1' },
        body: xml(`<CR:addressbook-query><D:prop>${data}</D:prop>${filter}${more}</CR:addressbook-query>`),
      });
    const text = (name: string, value: string, more = ''): string =>
      `<CR:prop-filter name="${name}"><CR:text-match ${more}>${value}</CR:text-match></CR:prop-filter>`;
    expect(
      parts(await ask(`<CR:filter>${text('FN', 'bert', 'match-type="starts-with"')}</CR:filter>`)).map(
        ({ href }) => href,
      ),
    ).toEqual([`${book}b.vcf`]);
    expect(
      parts(
        await ask(
          `<CR:filter test="allof">${text('FN', 'Ann')}${text('EMAIL', 'example.org', 'match-type="ends-with"')}</CR:filter>`,
        ),
      ),
    ).toHaveLength(1);
    expect(
      parts(await ask(`<CR:filter test="anyof">${text('FN', 'Bert')}${text('NICKNAME', 'ÄNN')}</CR:filter>`)),
    ).toHaveLength(2);
    expect(
      parts(
        await ask(
          `<CR:filter><CR:prop-filter name="EMAIL"><CR:param-filter name="TYPE"><CR:text-match>work</CR:text-match></CR:param-filter></CR:prop-filter></CR:filter>`,
        ),
      ),
    ).toHaveLength(1);
    expect(
      parts(
        await ask(
          `<CR:filter><CR:prop-filter name="NICKNAME"><CR:is-not-defined/></CR:prop-filter></CR:filter>`,
        ),
      ).map(({ href }) => href),
    ).toEqual([`${book}b.vcf`]);
    await test.ask('PUT', `${book}0.vcf`, { body: card('0').replaceAll('Ann', 'Cora') });
    const limited = parts(
      await ask('<CR:filter/>', '<D:getetag/>', '<CR:limit><CR:nresults>1</CR:nresults></CR:limit>'),
    );
    expect(limited).toMatchObject([
      { href: `${book}0.vcf`, status: undefined },
      { href: book, status: 507 },
    ]);
    const partial = await ask(
      `<CR:filter>${text('FN', 'Bert')}</CR:filter>`,
      '<CR:address-data><CR:prop name="FN"/></CR:address-data>',
    );
    expect(partial.text).toContain('FN:Bert');
    expect(partial.text).not.toContain('UID:b');
  });
});
