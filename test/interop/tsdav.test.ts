import { createDAVClient } from 'tsdav';
import { expect, it } from 'vitest';
import { card, event, startTestServer } from '../dav/harness.ts';

const clientFor = (serverUrl: string, kind: 'caldav' | 'carddav') =>
  createDAVClient({
    serverUrl,
    credentials: { username: 'alice', password: 'alice' },
    authMethod: 'Basic',
    defaultAccountType: kind,
  });

it('lets tsdav discover, create, sync and delete events', async () => {
  await using test = await startTestServer();
  const client = await clientFor(test.server.url, 'caldav');
  const calendars = await client.fetchCalendars();
  expect(calendars.map(({ displayName }) => displayName)).toEqual(['Calendar', 'Tasks']);
  const [calendar] = calendars;
  if (calendar === undefined) throw new Error('no calendar');
  const created = await client.createCalendarObject({
    calendar,
    filename: 'one.ics',
    iCalString: event('one'),
  });
  expect(created.status).toBe(201);
  const objects = await client.fetchCalendarObjects({ calendar });
  expect(objects.map(({ data }) => data)).toEqual([event('one').trim()]);
  const before = await client.fetchCalendarObjects({ calendar });
  const [first] = before;
  if (first === undefined) throw new Error('no object');
  const updated = await client.updateCalendarObject({
    calendarObject: { ...first, data: event('one', ['LOCATION:Here']) },
  });
  expect(updated.status).toBe(204);
  const synced = await client.smartCollectionSync({
    collection: { ...calendar, objects: before, objectMultiGet: client.calendarMultiGet },
    method: 'webdav',
    detailedResult: true,
  });
  expect(synced.objects).toMatchObject({ created: [], updated: [{}], deleted: [] });
  const [current] = await client.fetchCalendarObjects({ calendar });
  if (current === undefined) throw new Error('no object');
  const deleted = await client.deleteCalendarObject({ calendarObject: current });
  expect(deleted.status).toBe(204);
  expect(await client.fetchCalendarObjects({ calendar })).toEqual([]);
  await client.makeCalendar({
    url: `${test.server.url}/calendars/alice/work/`,
    props: { displayname: 'Work' },
  });
  expect((await client.fetchCalendars()).map(({ displayName }) => displayName)).toContain('Work');
});

it('lets tsdav keep an address book', async () => {
  await using test = await startTestServer();
  const client = await clientFor(test.server.url, 'carddav');
  const [addressBook] = await client.fetchAddressBooks();
  if (addressBook === undefined) throw new Error('no address book');
  await client.createVCard({ addressBook, filename: 'ann.vcf', vCardString: card('ann') });
  const cards = await client.fetchVCards({ addressBook });
  expect(cards.map(({ data }) => data)).toEqual([card('ann').trim()]);
  const [first] = cards;
  if (first === undefined) throw new Error('no card');
  expect((await client.deleteVCard({ vCard: first })).status).toBe(204);
  expect(await client.fetchVCards({ addressBook })).toEqual([]);
});
