import { meanOf, quantileOf } from '../kernel/index.ts';
import { connectRoundTrips } from '../network/index.ts';
import { ofRequest, type DeviceGroup, type RunSpec } from '../spec.ts';
import type { SeenCollections } from './collections-seen.ts';
import { bytesOf, serviceMs, transferMs } from './costs.ts';
import { lookOfPush, looksOfPoll, requestsOf, type Look, type Made } from './requests-made.ts';
import { firstAfter, OtherMessages } from './overtaking.ts';
import type { Schedule } from './schedules.ts';
import { meanInterval, timesOfFirstPolls, type Intervals } from './silence.ts';

/** How the changes of one collection come to a device, and how fresh that keeps what it holds. */
export interface Seeing {
  /** From the commit of a change to the device having it, each as likely as its share. */
  readonly delays: readonly { readonly ms: number; readonly share: number }[];
  readonly freshShare: number;
  readonly meanAgeMs: number;
}

const steps = 2048;

/** Every change is new to a device after a time uniform within the interval that it falls into, and what it takes to bring it. */
export function seeingOfPolls(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  polls: Intervals,
): Seeing[] {
  const mean = meanInterval(polls);
  const each = Math.max(1, Math.round(steps / polls.length));
  return looksOfPoll(group.client, collections, polls).map((look): Seeing => {
    const bringing = bringMs(spec, group, look);
    const { othersPerMs } = look.seen;
    /** Mean over the counted time: of what a whole interval has on average, and of a device that has not polled since `ms`. */
    const over = (whole: (ms: number) => number, last: (ms: number) => number) => {
      const steady = polls.reduce((sum, { ms, share }) => sum + ((share * ms) / mean) * whole(ms), 0);
      return timesOfFirstPolls(polls, spec).reduce(
        (sum, { ms, share }) => sum + share * ((ms / mean) * whole(ms) + (1 - ms / mean) * last(ms) - steady),
        steady,
      );
    };
    return {
      delays: polls.flatMap(({ ms, share }) =>
        Array.from({ length: each }, (_, step) => ({
          ms: bringing + (ms * (step + 0.5)) / each,
          share: (share * ms) / mean / each,
        })),
      ),
      freshShare: over(
        (ms) => freshShare(othersPerMs * ms),
        (ms) => Math.exp(-othersPerMs * ms),
      ),
      meanAgeMs: over(
        (ms) => meanAgeMs(othersPerMs * ms, ms),
        (ms) => ms * (1 - freshShare(othersPerMs * ms)),
      ),
    };
  });
}

/** Share of the time in which a device holds the latest state, x changes coming in each interval: (1 - e^-x) / x. */
const freshShare = (x: number): number => (x === 0 ? 1 : -Math.expm1(-x) / x);

/** T (1/2 - 1/x + (1 - e^-x) / x^2), by its series where that would lose its digits (Cho and Garcia-Molina, TODS 28(4), 2003). */
const meanAgeMs = (x: number, periodMs: number): number =>
  x < 1e-3 ? periodMs * (x / 6 - (x * x) / 24) : periodMs * (1 / 2 - 1 / x - Math.expm1(-x) / (x * x));

/** Irrational steps through the unit cube, one a dimension, which fill it evenly. */
const strides = [2, 3, 5, 7, 11, 13].map(Math.sqrt);
const drawOf = (step: number, dimension: number): number => ((step + 0.5) * (strides[dimension] ?? 1)) % 1;

/** What a push finds: how likely the radio asleep, and the connection to the server closed. */
export interface Rest {
  readonly asleep: number;
  readonly unconnected: number;
  /** Contacts about a collection, for one, that other than messages about it led to. */
  readonly overtakingPerMs: (seen: SeenCollections) => number;
}

/**
 * A first change waits for the window to close, one that joins it for the rest of it; then a message and a contact follow.
 * From a first change to the contact the device is stale, and fresh for 1/L on average before.
 */
export function seeingOfPushes(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  { windowMs, wholeAccount }: NonNullable<Schedule['pushed']>,
  { asleep, unconnected, overtakingPerMs }: Rest,
): Seeing[] {
  const { radio, client } = group;
  const { up, down } = spec.wire.pushToDevice;
  const { connect } = spec.wire;
  const delayMs = (group.pushService ?? spec.pushService).delayMs;
  const messageMs = meanOf(spec.server.pushMs) + transferMs(group, up, down);
  const connectMs =
    connectRoundTrips(spec.transport) * meanOf(group.link.rttMs) +
    transferMs(group, connect.up, connect.down);
  return collections.map((seen): Seeing => {
    const look = lookOfPush(client, seen, windowMs, 0);
    const checking = checkMs(spec, group, collections, wholeAccount);
    const contactMs = checking + reportMs(spec, group) + bringMs(spec, group, look);
    const joining = seen.othersPerMs * windowMs;
    const others = new OtherMessages(spec, group, seen.othersPerMs, windowMs);
    const elsePerMs = overtakingPerMs(seen);
    // A device that is fresh has got what left before.
    const later = new OtherMessages(spec, group, seen.othersPerMs, windowMs, false);
    const stale = { sum: 0, squares: 0 };
    const delays = Array.from({ length: steps }, (_, step) => {
      const sleeps = drawOf(step, 2) < asleep;
      const waking = sleeps ? quantileOf(radio.pagingMs, drawOf(step, 3)) + radio.promotion.ms : 0;
      const connecting = drawOf(step, 4) < unconnected ? connectMs : 0;
      const coming = quantileOf(delayMs, drawOf(step, 0)) + messageMs + waking;
      // Another contact may come first and bring the change.
      const delay = (messages: OtherMessages, waited: number) => {
        const own = waited + coming;
        const first = firstAfter(messages, elsePerMs, windowMs - waited, own, drawOf(step, 5));
        return Math.min(own, first) + connecting + contactMs;
      };
      const staleMs = delay(later, windowMs);
      stale.sum += staleMs;
      stale.squares += staleMs ** 2;
      const place = drawOf(step, 1) * (1 + joining);
      return {
        ms: delay(others, place < 1 ? windowMs : windowMs * ((place - 1) / joining)),
        share: 1 / steps,
      };
    });
    const cycles = seen.othersPerMs / (1 + (seen.othersPerMs * stale.sum) / steps);
    return {
      delays,
      freshShare: 1 - (cycles * stale.sum) / steps,
      meanAgeMs: (cycles * stale.squares) / steps / 2,
    };
  });
}

/** From the start of a contact to the report of the pushed collection, which is as likely the first as the last. */
function checkMs(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  wholeAccount: boolean,
): number {
  const { check } = group.client;
  const places = wholeAccount ? collections.reduce((sum, { each }) => sum + each, 0) : 1;
  if (check === 'home' && !wholeAccount) return 0;
  const kind = check === 'none' ? (group.client.report ?? 'sync-collection') : check;
  const count = check === 'home' ? 1 : check === 'none' ? places / 2 : (places + 1) / 2;
  const items = check === 'home' ? places : 0;
  const { up, down } = bytesOf(spec, { kind, count, items, bodyUp: 0, bodyDown: 0 });
  return count * (meanOf(group.link.rttMs) + serviceMs(spec, kind)) + transferMs(group, up, down);
}

/** From the instant at which a device asks for a report to the one at which the server reads its state for it. */
function reportMs(spec: RunSpec, group: DeviceGroup): number {
  if (group.client.check === 'none') return 0;
  const { up } = ofRequest(spec.wire.requests, group.client.report ?? 'sync-collection');
  return meanOf(group.link.rttMs) / 2 + transferMs(group, up, 0);
}

/** From the instant at which the server reads its state for a report with news to the device having them. */
function bringMs(spec: RunSpec, group: DeviceGroup, look: Look): number {
  const rtt = meanOf(group.link.rttMs);
  return requestsOf(group.client, [look], false).reduce((sum, request) => {
    if (request.count === 0) return sum;
    const { up, down } = bytesOf(spec, each(request));
    // Whatever is fetched after the report takes whole round trips.
    const isReport = request.kind !== 'multiget';
    const trip = isReport ? rtt / 2 : rtt + transferMs(group, up, 0);
    return sum + trip + serviceMs(spec, request.kind) + transferMs(group, 0, down);
  }, 0);
}

const each = ({ kind, count, items, bodyUp, bodyDown }: Made): Made => ({
  kind,
  count: 1,
  items: items / count,
  bodyUp: bodyUp / count,
  bodyDown: bodyDown / count,
});
