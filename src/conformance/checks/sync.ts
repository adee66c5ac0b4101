import { ns } from '../../xml/index.ts';
import { objectPath, type Bench } from '../bench/bench.ts';
import { syncBody } from '../bench/bodies.ts';
import type { Calendar } from '../bench/calendar.ts';
import { hasCondition, shown, succeeded } from '../bench/replies.ts';
import { fail, pass, Setback, skip, verdict, type Check } from '../check.ts';

const clause = (section: string): string => `RFC 6578 section ${section}`;
const mostPages = 20;

/** The members and the new token of a report that has to work. */
async function reported(
  bench: Bench,
  calendar: Calendar,
  token: string,
): Promise<{ readonly listed: ReadonlyMap<string, number | undefined>; readonly token: string }> {
  const report = await bench.sync(calendar.path, token);
  if (report.status !== 207) throw new Setback(skip(`sync-collection was answered with ${report.status}`));
  if (report.token === undefined) throw new Setback(skip('the report has no sync token'));
  const members = report.parts.filter(({ path }) => path !== calendar.path);
  return { listed: new Map(members.map(({ path, status }) => [path, status])), token: report.token };
}

/** Sync tokens, which push messages carry and clients go on from. */
export const syncChecks: readonly Check[] = [
  {
    id: 'sync.property',
    clause: clause('4'),
    level: 'MUST',
    title: 'A calendar has the property sync-token, a URI',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const { syncToken } = await bench.pushProperties(path);
      if (syncToken === undefined) return fail('the property is absent');
      return verdict(URL.canParse(syncToken), `it is no URI: ${syncToken}`);
    },
  },
  {
    id: 'sync.report-token',
    clause: clause('3.2'),
    level: 'MUST',
    title: 'sync-collection answers 207 with a sync token',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const report = await bench.sync(path, '');
      if (report.status !== 207) return fail(`the answer is ${report.status}`);
      return verdict((report.token ?? '') !== '', 'there is no sync token in the answer');
    },
  },
  {
    id: 'sync.initial',
    clause: clause('3.4'),
    level: 'MUST',
    title: 'The empty token lists every member and nothing removed',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      for (const name of ['one', 'two', 'gone']) await bench.write(calendar, name);
      succeeded(
        await bench.user.ask({ method: 'DELETE', target: objectPath(calendar, 'gone') }),
        'the DELETE of an object',
      );
      const { listed } = await reported(bench, calendar, '');
      const both = ['one', 'two'].every((name) => listed.has(objectPath(calendar, name)));
      if (!both) return fail('a member is not listed');
      return verdict(![...listed.values()].includes(404), 'a removed member is listed');
    },
  },
  {
    id: 'sync.changed',
    clause: clause('3.5'),
    level: 'MUST',
    title: 'After a change the token differs, and the old one lists exactly what changed',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'old');
      const before = await reported(bench, calendar, '');
      await bench.write(calendar, 'new');
      const after = await reported(bench, calendar, before.token);
      if (after.token === before.token) return fail('the token stayed the same');
      const exact = after.listed.size === 1 && after.listed.has(objectPath(calendar, 'new'));
      return verdict(exact, `listed: ${[...after.listed.keys()].join(', ') || 'nothing'}`);
    },
  },
  {
    id: 'sync.removed',
    clause: clause('3.5.2'),
    level: 'MUST',
    title: 'A removed member is reported with status 404',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'doomed');
      const { token } = await reported(bench, calendar, '');
      const target = objectPath(calendar, 'doomed');
      succeeded(await bench.user.ask({ method: 'DELETE', target }), 'the DELETE of an object');
      const { listed } = await reported(bench, calendar, token);
      return verdict(listed.get(target) === 404, 'it is not');
    },
  },
  {
    id: 'sync.no-change',
    clause: clause('3.5'),
    level: 'MUST',
    title: 'Without a change the newest token lists nothing',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'one');
      const { token } = await reported(bench, calendar, '');
      const { listed } = await reported(bench, calendar, token);
      return verdict(listed.size === 0, `${listed.size} members are listed`);
    },
  },
  {
    id: 'sync.invalid',
    clause: clause('3.2'),
    level: 'MUST',
    title: 'A token that the server never gave is refused with valid-sync-token',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const reply = await bench.user.ask({
        method: 'REPORT',
        target: path,
        headers: { depth: '0', 'content-type': 'application/xml' },
        body: syncBody('urn:davpulse:conformance:never-given'),
      });
      const right = [403, 409].some((status) => hasCondition(reply, status, ns.dav, 'valid-sync-token'));
      return verdict(right, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'sync.limit',
    clause: clause('3.6 and 3.7'),
    level: 'SHOULD',
    title: 'A limit is kept: by pages that together list everything, or by refusing',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      const names = ['one', 'two', 'three'];
      for (const name of names) await bench.write(calendar, name);
      const seen = new Set<string>();
      let token = '';
      for (let page = 0; page < mostPages; page += 1) {
        const report = await bench.sync(calendar.path, token, 1);
        if (report.status === 507 || report.status === 403) return pass('the server does not truncate');
        if (report.status !== 207) return fail(`the answer is ${report.status}`);
        const members = report.parts.filter(({ path }) => path !== calendar.path);
        if (members.length > 1) return fail(`${members.length} members are listed though one was asked for`);
        for (const { path } of members) seen.add(path);
        const more = report.parts.some(({ path, status }) => path === calendar.path && status === 507);
        if (!more)
          return verdict(seen.size === names.length, `the pages list ${seen.size} of ${names.length}`);
        token = report.token ?? '';
      }
      return fail('the pages do not end');
    },
  },
  {
    id: 'sync.depth-header',
    clause: clause('appendix A'),
    level: 'MAY',
    title: 'A Depth of 1 beside sync-level, as clients in the field send it, is let pass',
    async run(bench) {
      const { path } = await bench.makeCalendar();
      const reply = await bench.user.ask({
        method: 'REPORT',
        target: path,
        headers: { depth: '1', 'content-type': 'application/xml' },
        body: syncBody(''),
      });
      return verdict(reply.status === 207, `the answer is ${shown(reply)}`);
    },
  },
  {
    id: 'sync.same-token',
    clause: clause('3.2 and 4'),
    level: 'SHOULD',
    title: 'The property and the report name the same token while nothing changes',
    async run(bench) {
      const calendar = await bench.makeCalendar();
      await bench.write(calendar, 'one');
      const { syncToken } = await bench.pushProperties(calendar.path);
      if (syncToken === undefined) return skip('the property is absent');
      const { listed } = await reported(bench, calendar, syncToken);
      return verdict(listed.size === 0, 'after the token of the property there are still changes');
    },
  },
];
