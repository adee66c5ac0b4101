import type { Bench } from '../bench/bench.ts';
import type { Calendar } from '../bench/calendar.ts';
import { accepted, type Behaviour, type PushResource } from '../endpoint/push-resource.ts';
import { fail, pass, skip, verdict, type Check, type Outcome } from '../check.ts';

const clause = 'WebDAV-Push draft, removal of invalid subscriptions';
const retryAfterSeconds = 2;
/** Clocks and timers are not exact. */
const toleranceMs = 200;
/** Long enough for a server that waits for an endpoint to show itself. */
const blockedMs = 4000;

interface Scene {
  readonly calendar: Calendar;
  readonly failing: PushResource;
  readonly healthy: PushResource;
}

/** A push resource that fails as told, and one that does not, on another endpoint. */
async function sceneOf(bench: Bench, behave: (place: number) => Behaviour): Promise<Scene> {
  const calendar = await bench.makeCalendar();
  const failing = await bench.openResource();
  failing.behave = behave;
  const healthy = (await bench.site.endpoint()).open();
  await bench.register(calendar.path, failing);
  await bench.register(calendar.path, healthy);
  return { calendar, failing, healthy };
}

async function removedAfter(bench: Bench, status: number): Promise<Outcome> {
  const { calendar, failing, healthy } = await sceneOf(bench, () => ({ status }));
  await bench.write(calendar, 'one');
  await bench.message(failing, 1);
  await bench.message(healthy, 1);
  await bench.settle();
  await bench.write(calendar, 'two');
  await bench.message(healthy, 2);
  await bench.settle();
  return verdict(failing.received.length === 1, `after ${status} it was sent to again`);
}

async function survives(bench: Bench, behaviour: Behaviour): Promise<Outcome> {
  const { calendar, failing } = await sceneOf(bench, (place) => (place === 0 ? behaviour : accepted));
  await bench.write(calendar, 'one');
  await bench.message(failing, 1);
  await bench.write(calendar, 'two');
  const next = await bench.messageOrNone(failing, 2);
  return verdict(next !== undefined, 'after one failure the subscription was told nothing more');
}

/** What the server does when the push service does not do what it should. */
export const failureChecks: readonly Check[] = [
  {
    id: 'failure.404',
    clause,
    level: 'SHOULD',
    title: 'A subscription that the push service answers with 404 is removed',
    run: (bench) => removedAfter(bench, 404),
  },
  {
    id: 'failure.410',
    clause,
    level: 'SHOULD',
    title: 'A subscription that the push service answers with 410 is removed',
    run: (bench) => removedAfter(bench, 410),
  },
  {
    id: 'failure.500',
    clause,
    level: 'SHOULD',
    title: 'A subscription survives a failure of the push service (500)',
    run: (bench) => survives(bench, { status: 500 }),
  },
  {
    id: 'failure.reset',
    clause,
    level: 'SHOULD',
    title: 'A subscription survives a broken connection to the push service',
    run: (bench) => survives(bench, 'reset'),
  },
  {
    id: 'failure.429',
    clause: 'RFC 8030 section 8.4; RFC 6585 section 4',
    level: 'SHOULD',
    title: 'After 429 the subscription is left alone for as long as Retry-After says, and then told',
    async run(bench) {
      const busy = { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } };
      const { calendar, failing } = await sceneOf(bench, (place) => (place === 0 ? busy : accepted));
      await bench.write(calendar, 'one');
      const refused = await bench.message(failing, 1);
      await bench.write(calendar, 'two');
      let next = await failing.find(
        (_, place) => place === 1,
        retryAfterSeconds * 1000 + 500,
        bench.site.signal,
      );
      if (next === undefined) {
        // A server that does not try again by itself tells of the next change.
        await bench.write(calendar, 'three');
        next = await bench.messageOrNone(failing, 2);
      }
      if (next === undefined) return fail('it was told nothing more');
      const waitedMs = next.at - refused.at;
      const early = waitedMs < retryAfterSeconds * 1000 - toleranceMs;
      return verdict(!early, `it was tried again after ${waitedMs} ms instead of ${retryAfterSeconds} s`);
    },
  },
  {
    id: 'failure.hang',
    clause: 'WebDAV-Push draft, server load',
    level: 'SHOULD',
    title: 'A push service that never answers does not keep others from being told',
    async run(bench) {
      const { calendar, failing, healthy } = await sceneOf(bench, () => 'hang');
      await bench.write(calendar, 'one');
      await bench.message(failing, 1);
      const told = await bench.messageOrNone(healthy, 1);
      if (told === undefined) return fail('the other subscription was not told');
      await bench.write(calendar, 'two');
      const again = await bench.messageOrNone(healthy, 2);
      return verdict(again !== undefined, 'the other subscription was told no second time');
    },
  },
  {
    id: 'failure.async',
    clause: 'WebDAV-Push draft, server load',
    level: 'SHOULD',
    title: 'A write is answered without waiting for the push service',
    async run(bench) {
      const { calendar, failing } = await sceneOf(bench, () => 'hang');
      await bench.write(calendar, 'one');
      await bench.message(failing, 1);
      const startedAt = Date.now();
      await bench.write(calendar, 'two');
      const tookMs = Date.now() - startedAt;
      return verdict(tookMs < blockedMs, `while one push service hung, a PUT took ${tookMs} ms`);
    },
  },
  {
    id: 'failure.redirect',
    clause: 'UnifiedPush server specification; WebDAV-Push draft, security considerations',
    level: 'SHOULD',
    title: 'A redirect of a push resource is not followed',
    async run(bench) {
      const endpoint = await bench.endpoint();
      const location = `${endpoint.origin}/elsewhere-${Date.now()}`;
      const { calendar, failing, healthy } = await sceneOf(bench, () => ({
        status: 307,
        headers: { location },
      }));
      await bench.write(calendar, 'one');
      await bench.message(failing, 1);
      await bench.message(healthy, 1);
      await bench.settle();
      const followed = endpoint.strays.includes(new URL(location).pathname);
      return verdict(!followed, 'the server went where the redirect pointed');
    },
  },
  {
    id: 'failure.400',
    clause,
    level: 'MAY',
    title: 'One refusal (400) does not end a subscription',
    run: (bench) => survives(bench, { status: 400 }),
  },
  {
    id: 'failure.isolated',
    clause,
    level: 'MUST',
    title: 'The failure of one subscription does not end those of others',
    async run(bench) {
      const { calendar, failing, healthy } = await sceneOf(bench, () => ({ status: 410 }));
      await bench.write(calendar, 'one');
      await bench.message(failing, 1);
      if ((await bench.messageOrNone(healthy, 1)) === undefined) return skip('the first change was not told');
      await bench.settle();
      await bench.write(calendar, 'two');
      const told = await bench.messageOrNone(healthy, 2);
      return told === undefined ? fail('the healthy subscription was told nothing more') : pass();
    },
  },
];
