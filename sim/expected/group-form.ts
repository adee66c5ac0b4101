import { quantileOf } from '../kernel/index.ts';
import type { EnergyCause } from '../metrics/index.ts';
import { keptConnectionMs } from '../network/index.ts';
import type { DeviceGroup, RunSpec } from '../spec.ts';
import type { SeenCollections } from './collections-seen.ts';
import { costOf, costOfConnect, costOfTransfer, energyOf } from './costs.ts';
import {
  lookOfPush,
  looksOfPoll,
  looksOfPushed,
  requestsOf,
  requestsOfWrite,
  type Made,
} from './requests-made.ts';
import { shareOvertaken } from './overtaking.ts';
import type { Schedule } from './schedules.ts';
import { seeingOfPolls, seeingOfPushes, type Seeing } from './seeing.ts';
import {
  atRandom,
  lookedBackOn,
  meanSilence,
  scheduled,
  silenceBefore,
  spaced,
  type Doing,
} from './silence.ts';

/** What the devices of a group do and cost in the counted time, on average for one device. Times are ms. */
export interface GroupForm {
  readonly group: DeviceGroup;
  readonly contacts: number;
  readonly emptyContacts: number;
  readonly requests: readonly Made[];
  readonly connects: number;
  readonly wakeUps: number;
  readonly energyJ: Readonly<Record<EnergyCause, number>>;
  /** Push messages, changes that joined one already pending, and keep-alives. */
  readonly messages: number;
  readonly merged: number;
  readonly keepAlives: number;
  /** How the changes of each collection group come to the device. */
  readonly seeing: readonly Seeing[];
}

/** Something done, what it sends, and how often. */
interface Activity {
  readonly doing: Doing;
  readonly made: readonly Made[];
}

/**
 * Closed forms for devices that poll on a schedule, are pushed and write at random (Poisson changes, models.md section 5):
 * periodic transfers with tails and random wakes, each of which may find the radio awake from another.
 */
export function groupForm(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  schedule: Schedule,
): GroupForm {
  const { client } = group;
  const writing = atRandom(collections.reduce((sum, { each, ownPerMs }) => sum + each * ownPerMs, 0));
  const write = { doing: writing, made: requestsOfWrite(collections) };
  const contacts =
    schedule.pushed === undefined
      ? [
          pollsOf(
            spec,
            group,
            requestsOf(client, looksOfPoll(client, collections, lookedBackOn(schedule.polls, spec)), true),
            schedule,
          ),
        ]
      : pushedContacts(spec, group, collections, schedule, schedule.pushed);
  const asking = [write, ...contacts].filter(({ doing }) => doing.perMs > 0);
  const { keepAliveMs = 0, windowMs = 0 } = schedule.pushed ?? {};
  const keepAlive = keepAliveMs > 0 ? scheduled([{ ms: keepAliveMs, share: 1 }], 0) : undefined;
  const all = [...asking.map(({ doing }) => doing), ...(keepAlive === undefined ? [] : [keepAlive])];
  const count = contacts.reduce((sum, { doing }) => sum + doing.perMs, 0) * spec.durationMs;
  const overtakenOf = ({ othersPerMs }: SeenCollections) =>
    shareOvertaken(spec, group, othersPerMs, windowMs);
  const rate = collections.reduce((sum, { each, othersPerMs }) => sum + each * othersPerMs, 0);
  const messages = messageRate(collections, windowMs) * spec.durationMs;
  const pushes = schedule.pushed === undefined ? 0 : messages;
  const radio = radioUse(spec, group, asking, keepAlive, pushes);
  return {
    group,
    contacts: count,
    emptyContacts:
      schedule.pushed === undefined
        ? count *
          lookedBackOn(schedule.polls, spec).reduce(
            (sum, { ms, share }) => sum + share * Math.exp(-rate * ms),
            0,
          )
        : count - messageRate(collections, windowMs, (seen) => 1 - overtakenOf(seen)) * spec.durationMs,
    requests: asking.flatMap(({ doing, made }) =>
      made.map((request) => times(request, doing.perMs * spec.durationMs)),
    ),
    ...radio,
    messages: pushes,
    merged: schedule.pushed === undefined ? 0 : rate * spec.durationMs - messages,
    keepAlives: keepAlive === undefined ? 0 : keepAlive.perMs * spec.durationMs,
    seeing:
      schedule.pushed === undefined
        ? seeingOfPolls(spec, group, collections, schedule.polls)
        : seeingOfPushes(spec, group, collections, schedule.pushed, {
            asleep: all.reduce((product, doing) => product * doing.silent(awakeMs(group)), 1),
            unconnected: asking.reduce(
              (product, { doing }) => product * doing.silent(keptConnectionMs(spec.transport, group.link)),
              1,
            ),
            overtakingPerMs: (seen) =>
              contacts.reduce((sum, { doing }) => sum + doing.perMs, 0) -
              (schedule.pushed?.wholeAccount === true
                ? pushRate(seen, windowMs)
                : messageRate(collections, windowMs)),
          }),
  };
}

const awakeMs = ({ radio }: DeviceGroup): number => radio.tail.reduce((sum, { ms }) => sum + ms, 0);

/** Messages about one collection: the first change of a window of `c` opens it, others join, so L / (1 + L c). */
const pushRate = ({ othersPerMs }: SeenCollections, windowMs: number): number =>
  othersPerMs / (1 + othersPerMs * windowMs);

/** Messages to a device. */
const messageRate = (
  collections: readonly SeenCollections[],
  windowMs: number,
  share: (seen: SeenCollections) => number = () => 1,
): number => collections.reduce((sum, seen) => sum + seen.each * pushRate(seen, windowMs) * share(seen), 0);

function pollsOf(spec: RunSpec, group: DeviceGroup, made: readonly Made[], { polls }: Schedule): Activity {
  const { activeMs, waitingMs } = costOf(spec, group, made);
  return { doing: scheduled(polls, activeMs + waitingMs), made };
}

/** Polls and what pushes lead to, one kind of contact for each collection group. */
function pushedContacts(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  schedule: Schedule,
  { windowMs, wholeAccount }: NonNullable<Schedule['pushed']>,
): Activity[] {
  const { client } = group;
  const pushing = atRandom(messageRate(collections, windowMs));
  const polling = schedule.polls.length > 0 ? scheduled(schedule.polls, 0) : undefined;
  const asked = [pushing, ...(polling === undefined ? [] : [polling])];
  const ownOf = (one: Doing) => (seen: SeenCollections) => writtenSince(seen.ownPerMs, one, asked, schedule);
  const others = (one: Doing) => looksOfPushed(collections, ownOf(one));
  const led = collections.map((seen): Activity => {
    const own = ownOf(pushing)(seen);
    const overtaken = shareOvertaken(spec, group, seen.othersPerMs, windowMs);
    const pushed = lookOfPush(client, seen, windowMs, own.listed, overtaken);
    const rest = others(pushing).map((look) =>
      look.seen === seen ? { ...look, count: Math.max(0, look.count - 1) } : look,
    );
    const looks = wholeAccount ? [...rest, pushed] : [pushed];
    return {
      doing: messagesOf(spec, group, seen, windowMs),
      made: requestsOf(client, looks, wholeAccount || client.check !== 'home'),
    };
  });
  if (polling === undefined) return led;
  return [...led, pollsOf(spec, group, requestsOf(client, others(polling), true), schedule)];
}

const delays = 32;

/** A device gets messages about a collection a window apart at least, give or take what their delays differ by. */
function messagesOf(spec: RunSpec, group: DeviceGroup, seen: SeenCollections, windowMs: number): Doing {
  const perMs = pushRate(seen, windowMs);
  if (windowMs === 0 || perMs === 0) return atRandom(seen.each * perMs);
  const { delayMs } = group.pushService ?? spec.pushService;
  const delayOf = (step: number) => quantileOf(delayMs, ((step + 0.5) * Math.SQRT2) % 1);
  const pausesMs = Array.from({ length: delays }, (_, step) => {
    const apart = Math.min(windowMs, Math.abs(delayOf(step + delays) - delayOf(step)));
    return [windowMs - apart, windowMs + apart];
  });
  return spaced(seen.each, perMs, pausesMs.flat());
}

/** What a device wrote between a contact and the one before it. */
function writtenSince(perMs: number, one: Doing, asked: readonly Doing[], { polls }: Schedule) {
  const rate = asked.reduce((sum, { perMs }) => sum + perMs, 0);
  if (perMs === 0 || rate === 0) return { news: 0, listed: 0 };
  const longest = Math.min(30 / rate, polls.length > 0 ? Math.max(...polls.map(({ ms }) => ms)) : Infinity);
  const writing = atRandom(perMs);
  // No write since: the silence of writes outlasts that of contacts, one integral by parts.
  const news = perMs * meanSilence(one, [...asked, writing], 0, longest);
  return { news, listed: perMs * meanSilence(one, asked, 0, longest) };
}

/** How often the radio wakes and connects, and what all of it costs. */
function radioUse(
  spec: RunSpec,
  group: DeviceGroup,
  asking: readonly Activity[],
  keepAlive: Doing | undefined,
  messages: number,
) {
  const { radio } = group;
  const { wire, durationMs } = spec;
  const keptMs = keptConnectionMs(spec.transport, group.link);
  const requesting = asking.map(({ doing }) => doing);
  const all = [...requesting, ...(keepAlive === undefined ? [] : [keepAlive])];
  const sumOver = (doings: readonly Doing[], value: (doing: Doing) => number) =>
    doings.reduce((sum, doing) => sum + doing.perMs * durationMs * value(doing), 0);
  const connects = sumOver(requesting, (doing) => silenceBefore(doing, requesting, keptMs));
  const sleeps = awakeMs(group) > 0 || radio.promotion.ms > 0;
  const wakeUps = sleeps ? sumOver(all, (doing) => silenceBefore(doing, all, awakeMs(group))) : 0;
  let from = 0;
  const silentMs = radio.tail.map(({ ms }) => {
    const silent = sumOver(all, (doing) => meanSilence(doing, all, from, from + ms));
    from += ms;
    return silent;
  });
  const done = [
    { times: connects, cost: costOfConnect(spec, group) },
    { times: (keepAlive?.perMs ?? 0) * durationMs, cost: costOfTransfer(group, wire.keepAlive) },
    ...asking.map(({ doing, made }) => ({
      times: doing.perMs * durationMs,
      cost: costOf(spec, group, made),
    })),
    { times: messages, cost: costOfTransfer(group, wire.pushToDevice) },
  ];
  return { connects, wakeUps, energyJ: energyOf(spec, group, done, { wakeUps, silentMs }) };
}

const times = ({ kind, count, items, bodyUp, bodyDown }: Made, factor: number): Made => ({
  kind,
  count: count * factor,
  items: items * factor,
  bodyUp: bodyUp * factor,
  bodyDown: bodyDown * factor,
});
