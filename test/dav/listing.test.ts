import { fc, it } from '@fast-check/vitest';
import { expect } from 'vitest';
import { event, parts, propfindBody, startTestServer, xml } from './harness.ts';

const calendar = '/calendars/alice/calendar/';
const name = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), name, note: fc.nat(99) }),
  fc.record({ kind: fc.constant('delete' as const), name }),
  fc.record({ kind: fc.constant('move' as const), name, to: name }),
  fc.record({ kind: fc.constant('mark' as const), name, note: fc.nat(99) }),
);

it.prop([fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 })], { numRuns: 25 })(
  'a listing tells what each member by itself tells, after any changes',
  async (rounds) => {
    await using test = await startTestServer();
    const path = (of: string): string => `${calendar}${of}.ics`;
    const body = propfindBody('D:getetag', 'X:note').replaceAll('<X:note/>', '<note xmlns="urn:x"/>');
    const told = async (of: string, depth: string) =>
      parts(await test.ask('PROPFIND', of, { headers: { depth }, body })).map(({ href, found }) => [
        href,
        found.get('getetag')?.text,
        found.get('note')?.text,
      ]);
    for (const round of rounds) {
      for (const change of round) {
        const at = path(change.name);
        if (change.kind === 'put')
          await test.ask('PUT', at, { body: event(change.name, [`X-N:${change.note}`]) });
        else if (change.kind === 'delete') await test.ask('DELETE', at);
        else if (change.kind === 'move')
          await test.ask('MOVE', at, { headers: { destination: path(change.to), overwrite: 'T' } });
        else
          await test.ask('PROPPATCH', at, {
            body: xml(
              `<D:propertyupdate><D:set><D:prop><note xmlns="urn:x">${change.note}</note></D:prop></D:set></D:propertyupdate>`,
            ),
          });
      }
      const all = (await told(calendar, '1')).slice(1);
      const each = await Promise.all(all.map(async ([href = '']) => (await told(href, '0'))[0]));
      expect(all).toEqual(each);
      const there = await Promise.all(
        ['a', 'b', 'c', 'd'].map(
          async (of) => [path(of), (await test.ask('HEAD', path(of))).status] as const,
        ),
      );
      const found = there.filter(([, status]) => status === 200).map(([at]) => at);
      expect(new Set(all.map(([href]) => href))).toEqual(new Set(found));
    }
  },
);
