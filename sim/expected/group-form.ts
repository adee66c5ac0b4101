import { radioEnergyJ } from '../device/index.ts';
import { meanOf } from '../kernel/index.ts';
import type { EnergyCause } from '../metrics/index.ts';
import { connectRoundTrips, keptConnectionMs } from '../network/index.ts';
import { ofRequest, type DeviceGroup, type RunSpec } from '../spec.ts';
import type { SeenCollections } from './collections-seen.ts';
import { gapsOf } from './gaps.ts';
import { requestsOfContact, requestsOfWrite, type Made } from './requests-made.ts';

/** What the devices of a group do and cost in the counted time, on average for one device. Times are ms. */
export interface GroupForm {
  readonly group: DeviceGroup;
  readonly periodMs: number;
  readonly contacts: number;
  readonly emptyContacts: number;
  readonly requests: readonly Made[];
  readonly connects: number;
  readonly wakeUps: number;
  readonly energyJ: Readonly<Record<EnergyCause, number>>;
  /** From the instant that the server reads its state for an answer with news to the device having them. */
  readonly bringMs: number;
}

/**
 * Closed forms for devices that poll steadily and write at random (Poisson changes, models.md section 5): periodic
 * transfers with tails, of which random wakes in between cut some short.
 */
export function groupForm(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  periodMs: number,
): GroupForm {
  const { client, radio } = group;
  const writesPerMs = collections.reduce((sum, { each, ownPerMs }) => sum + each * ownPerMs, 0);
  const newsPerMs = collections.reduce((sum, { each, othersPerMs }) => sum + each * othersPerMs, 0);
  const contacts = spec.durationMs / periodMs;
  const writes = spec.durationMs * writesPerMs;
  const asked = requestsOfContact(client, collections, periodMs);
  const wrote = requestsOfWrite(collections);
  const ask = durations(spec, group, asked);
  const write = durations(spec, group, wrote);
  const gaps = gapsOf(periodMs, ask.activeMs + ask.waitingMs, writesPerMs);
  const keptMs = keptConnectionMs(spec.transport, group.link);
  const connects = contacts * gaps.pollAfter(keptMs) + writes * gaps.writeAfter(keptMs);
  const awakeMs = radio.tail.reduce((sum, { ms }) => sum + ms, 0);
  const sleeps = awakeMs > 0 || radio.promotion.ms > 0;
  const wakeUps = sleeps ? contacts * gaps.pollAfter(awakeMs) + writes * gaps.writeAfter(awakeMs) : 0;
  const connect = connectDurations(spec, group);
  const activeMs = contacts * ask.activeMs + writes * write.activeMs + connects * connect.activeMs;
  const waitingMs = contacts * ask.waitingMs + writes * write.waitingMs + connects * connect.waitingMs;
  let from = 0;
  const stages = radio.tail.map(({ ms }, stage) => {
    const silent = contacts * gaps.afterPoll(from, from + ms) + writes * gaps.afterWrite(from, from + ms);
    from += ms;
    return silent + (stage === 0 ? waitingMs : 0);
  });
  const requests = [
    ...asked.map((made) => times(made, contacts)),
    ...wrote.map((made) => times(made, writes)),
  ];
  return {
    group,
    periodMs,
    contacts,
    emptyContacts: contacts * Math.exp(-newsPerMs * periodMs),
    requests,
    connects,
    wakeUps,
    energyJ: energyOf(spec, group, requests, { connects, wakeUps, activeMs, stages }),
    bringMs: bringMs(spec, group, collections, periodMs),
  };
}

const times = ({ kind, count, items, bodyUp, bodyDown }: Made, factor: number): Made => ({
  kind,
  count: count * factor,
  items: items * factor,
  bodyUp: bodyUp * factor,
  bodyDown: bodyDown * factor,
});

/** Bytes that requests carry. */
export function bytesOf(spec: RunSpec, { kind, count, items, bodyUp, bodyDown }: Made) {
  const cost = ofRequest(spec.wire.requests, kind);
  return {
    up: cost.up * count + cost.upPerItem * items + bodyUp,
    down: cost.down * count + cost.downPerItem * items + bodyDown,
  };
}

/** How long the bytes take on the link: one Mbit/s carries one bit a microsecond. */
const transferMs = ({ link }: DeviceGroup, up: number, down: number): number =>
  ((8 * up) / link.mbpsUp + (8 * down) / link.mbpsDown) / 1000;

const serviceMs = ({ server }: RunSpec, kind: Made['kind']): number =>
  meanOf(ofRequest(server.serviceMs, kind));

function durations(spec: RunSpec, group: DeviceGroup, made: readonly Made[]) {
  let activeMs = 0;
  let waitingMs = 0;
  for (const request of made) {
    const { up, down } = bytesOf(spec, request);
    activeMs += transferMs(group, up, down);
    waitingMs += request.count * (meanOf(group.link.rttMs) + serviceMs(spec, request.kind));
  }
  return { activeMs, waitingMs };
}

function connectDurations(spec: RunSpec, group: DeviceGroup) {
  const { up, down } = spec.wire.connect;
  const waitingMs = connectRoundTrips(spec.transport) * meanOf(group.link.rttMs);
  return { activeMs: transferMs(group, up, down), waitingMs };
}

function bringMs(
  spec: RunSpec,
  group: DeviceGroup,
  collections: readonly SeenCollections[],
  periodMs: number,
): number {
  const { client } = group;
  const withNews = requestsOfContact(client, collections, periodMs).filter(
    ({ kind }) => kind !== client.check,
  );
  const rtt = meanOf(group.link.rttMs);
  return withNews.reduce((sum, request) => {
    if (request.count === 0) return sum;
    const { down } = bytesOf(spec, times(request, 1 / request.count));
    // The report is read when the server begins with it; whatever is fetched then takes whole round trips.
    const trips = request.kind === 'multiget' ? 1 : 0.5;
    const share = request.kind === 'multiget' ? 1 / Math.max(1, collections.length) : 1 / collections.length;
    return sum + share * (trips * rtt + serviceMs(spec, request.kind) + transferMs(group, 0, down));
  }, 0);
}

function energyOf(
  spec: RunSpec,
  { radio }: DeviceGroup,
  requests: readonly Made[],
  used: { connects: number; wakeUps: number; activeMs: number; stages: readonly number[] },
): Record<EnergyCause, number> {
  const { connect } = spec.wire;
  const bytes = requests.map((request) => bytesOf(spec, request));
  return radioEnergyJ(radio, {
    promotionTicks: ticks(used.wakeUps * radio.promotion.ms),
    activeTicks: ticks(used.activeMs),
    stages: used.stages.map((ms) => ({ ticks: ticks(ms), promotionTicks: 0 })),
    bytesUp: bytes.reduce((sum, { up }) => sum + up, used.connects * connect.up),
    bytesDown: bytes.reduce((sum, { down }) => sum + down, used.connects * connect.down),
    countedTicks: ticks(spec.durationMs),
  });
}

const ticks = (ms: number): number => ms * 1000;
