import { expect, it } from 'vitest';
import { card, condition, parts, startTestServer, xml, type TestServer } from './harness.ts';

const book = '/addressbooks/alice/addressbook/';
const three = card('a', [
  'TEL;TYPE=pref,work:+1-800-555',
  'EMAIL;TYPE=INTERNET;TYPE=home:ann@example.com',
  'PHOTO;ENCODING=b;TYPE=GIF:R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
  'LOGO;VALUE=uri;TYPE=JPEG:http://example.com/logo.jpg',
  'BDAY:1996-04-15',
  'REV:2008-04-24T19:52:43Z',
  'GEO:30.3912;-88.8615',
  'TZ:-05:00',
  'item1.ADR;TYPE=home:;;1 Street;Town;;12;Land',
  'LABEL;TYPE=HOME:1 Street\\nTown',
  'X-ADDRESSBOOKSERVER-KIND:group',
  'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1',
  'SORT-STRING:Example',
  'CLASS:PUBLIC',
  'NOTE:a\\, b\\; c\\nd',
]);

const told = async (test: TestServer, name: string, data: string): Promise<string> => {
  const reply = await test.ask('REPORT', book, {
    body: xml(
      `<CR:addressbook-multiget><D:prop>${data}</D:prop><D:href>${book}${name}</D:href></CR:addressbook-multiget>`,
    ),
  });
  return (parts(reply)[0]?.found.get('address-data')?.text ?? '').replaceAll('\r\n ', '');
};

it('tells cards in the version that is asked for (RFC 6352 5.1.1 and 10.4)', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${book}a.vcf`, { body: three });
  expect(await told(test, 'a.vcf', '<CR:address-data content-type="text/vcard" version="3.0"/>')).toBe(
    three.replaceAll('\r\n ', ''),
  );
  const four = await told(test, 'a.vcf', '<CR:address-data content-type="text/vcard" version="4.0"/>');
  expect(four.split('\r\n')).toEqual([
    'BEGIN:VCARD',
    'VERSION:4.0',
    'UID;VALUE=text:a',
    'FN:Ann Example',
    'N;SORT-AS=Example:Example;Ann;;;',
    'TEL;TYPE=work;PREF=1:+1-800-555',
    'EMAIL;TYPE=home:ann@example.com',
    'PHOTO:data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
    'LOGO;MEDIATYPE=image/jpeg:http://example.com/logo.jpg',
    'BDAY:19960415',
    'REV:20080424T195243Z',
    'GEO:geo:30.3912,-88.8615',
    'TZ;VALUE=utc-offset:-0500',
    'item1.ADR;TYPE=home;LABEL=1 Street^nTown:;;1 Street;Town;;12;Land',
    'KIND:group',
    'MEMBER:urn:uuid:1',
    'NOTE:a\\, b\\; c\\nd',
    'END:VCARD',
    '',
  ]);
  // What came by PUT in one version is told in the other as it was before.
  await test.ask('PUT', `${book}a.vcf`, { body: four });
  const back = await told(test, 'a.vcf', '<CR:address-data content-type="text/vcard" version="3.0"/>');
  const sorted = (text: string): string[] =>
    text
      .split('\r\n')
      .map((line) => line.toUpperCase())
      .sort();
  const expected = three
    .replace('CLASS:PUBLIC\r\n', '')
    .replace('TYPE=pref,work', 'TYPE=work,pref')
    .replace('TYPE=INTERNET;', '')
    .replace('ENCODING=b;TYPE=GIF', 'TYPE=GIF;ENCODING=b')
    .replace('VALUE=uri;TYPE=JPEG', 'TYPE=JPEG;VALUE=uri');
  expect(sorted(back)).toEqual(sorted(expected));
});

it('tells selected properties of a card in another version', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${book}a.vcf`, { body: three });
  const data = (inner: string): string => `<CR:address-data version="4.0">${inner}</CR:address-data>`;
  expect(await told(test, 'a.vcf', data('<CR:prop name="KIND"/><CR:prop name="PHOTO" novalue="yes"/>'))).toBe(
    'BEGIN:VCARD\r\nVERSION:4.0\r\nPHOTO:\r\nKIND:group\r\nEND:VCARD\r\n',
  );
});

it('tells what version 3.0 has no word for in the ways that clients know', async () => {
  await using test = await startTestServer();
  const body = card('b', [
    'GENDER:F',
    'ANNIVERSARY:20090808',
    'BDAY:--0415',
    'TEL;VALUE=uri;PREF=2:tel:+1-800-555',
    'EMAIL;PREF=50:a@example.com',
    'EMAIL;PREF=9;PID=1.1:b@example.com',
    'CLIENTPIDMAP:1;urn:uuid:9',
  ])
    .replace('VERSION:3.0', 'VERSION:4.0')
    .replace('N:Example;Ann;;;\r\n', '');
  await test.ask('PUT', `${book}b.vcf`, { body });
  expect((await told(test, 'b.vcf', '<CR:address-data version="3.0"/>')).split('\r\n').slice(2)).toEqual([
    'UID:b',
    'FN:Ann Example',
    'X-GENDER:F',
    'X-ANNIVERSARY:2009-08-08',
    'BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15',
    'TEL;TYPE=pref:+1-800-555',
    'EMAIL:a@example.com',
    'EMAIL;TYPE=pref:b@example.com',
    'N:;;;;',
    'END:VCARD',
    '',
  ]);
});

it('answers GET in the version that is accepted', async () => {
  await using test = await startTestServer();
  await test.ask('PUT', `${book}a.vcf`, { body: three });
  const get = async (accept: string) => test.ask('GET', `${book}a.vcf`, { headers: { accept } });
  for (const same of ['*/*', 'text/vcard', 'text/html, text/*;q=0.5', 'text/vcard;version=3.0'])
    expect((await get(same)).text).toBe(three);
  for (const four of ['text/vcard; version=4.0', 'text/vcard;version=3.0;q=0.2, text/vcard;version="4.0"'])
    expect((await get(four)).text).toContain('VERSION:4.0');
  for (const none of ['application/json', 'text/vcard;version=2.1', 'text/vcard;q=0']) {
    const refused = await get(none);
    expect([refused.status, none]).toEqual([none.includes('q=0') ? 200 : 406, none]);
    if (refused.status === 406) expect(condition(refused)).toBe('supported-address-data-conversion');
  }
});

it('tells of a group by its name, and of a birthday without its year, in both versions', async () => {
  await using test = await startTestServer();
  const body = card('g', ['KIND:group', 'BDAY:--0415'])
    .replace('VERSION:3.0', 'VERSION:4.0')
    .replace('N:Example;Ann;;;\r\n', '')
    .replace('Ann Example', 'Friends\\; all');
  await test.ask('PUT', `${book}g.vcf`, { body });
  const three = await told(test, 'g.vcf', '<CR:address-data version="3.0"/>');
  expect(three).toContain('N:Friends\\; all;;;;\r\n');
  await test.ask('PUT', `${book}g.vcf`, { body: three });
  expect(await told(test, 'g.vcf', '<CR:address-data version="4.0"/>')).toContain('BDAY:--0415\r\n');
});
