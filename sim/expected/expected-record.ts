import { byteCauses, causeOf, Histogram, type ByteCause, type RunRecord } from '../metrics/index.ts';
import {
  importances,
  ofRequest,
  requestKinds,
  type Importance,
  type RequestKind,
  type RunSpec,
} from '../spec.ts';
import { meanOf } from '../kernel/index.ts';
import { collectionsSeen, devicesPerUser, type SeenCollections } from './collections-seen.ts';
import { bytesOf } from './costs.ts';
import { groupForm, type GroupForm } from './group-form.ts';
import { scheduleOf } from './schedules.ts';
import type { Seeing } from './seeing.ts';
import { serverForm } from './server-form.ts';

interface Part {
  readonly form: GroupForm;
  readonly devices: number;
}

/** Work that comes to the server, as a share of what its workers can do. */
export function loadOf(spec: RunSpec): number {
  const parts = partsOf(spec, collectionsSeen(spec));
  const requests = countRequests(parts);
  const { pushMs, serviceMs, workers } = spec.server;
  const busyMs = requestKinds.reduce(
    (sum, kind) => sum + requests[kind] * meanOf(ofRequest(serviceMs, kind)),
    sumOver(parts, ({ messages }) => messages) * meanOf(pushMs),
  );
  return busyMs / (spec.durationMs * workers);
}

function partsOf(spec: RunSpec, collections: readonly SeenCollections[]): Part[] {
  return spec.deviceGroups.map((group) => {
    const schedule = scheduleOf(spec, group);
    if (typeof schedule === 'string') throw new RangeError(schedule);
    return {
      form: groupForm(spec, group, collections, schedule),
      devices: Math.floor(spec.users * group.perUser),
    };
  });
}

/** The record that a run would yield on average, without running it. The spec is one that `whyNoForm` has no word against. */
export function expectedRecord(spec: RunSpec): Omit<RunRecord, 'expectedError'> {
  const collections = collectionsSeen(spec);
  const parts = partsOf(spec, collections);
  const devices = parts.reduce((sum, part) => sum + part.devices, 0);
  const requests = countRequests(parts);
  const places = collections.reduce((sum, { each }) => sum + each, 0);
  const seen = ledgerOf(spec, parts, collections);
  const sent = sumOver(parts, ({ messages }) => messages);
  return {
    spec,
    backend: 'sim',
    mode: 'expected',
    timeScale: 1,
    countedMs: spec.durationMs,
    devices,
    groups: parts.map(({ form, devices }) => ({
      name: form.group.name,
      devices,
      contacts: form.contacts * devices,
      emptyContacts: form.emptyContacts * devices,
      wakeUps: form.wakeUps * devices,
      energyJ: {
        promotion: form.energyJ.promotion * devices,
        active: form.energyJ.active * devices,
        tail: form.energyJ.tail * devices,
        idle: form.energyJ.idle * devices,
      },
    })),
    requests,
    bytes: countBytes(spec, parts),
    staleness: seen.staleness,
    freshShare: meanOver(parts, collections, 1, ({ freshShare }) => freshShare),
    meanAgeMs: meanOver(parts, collections, 0, (seeing) => seeing.meanAgeMs),
    ledger: seen.ledger,
    push: { sent, merged: sumOver(parts, ({ merged }) => merged), delivered: sent, dropped: 0, failed: 0 },
    server: serverForm(spec, requests, sent),
    stateCheck: { compared: devices * places, different: 0 },
  };
}

function countRequests(parts: readonly Part[]): Record<RequestKind, number> {
  const counts: Record<RequestKind, number> = {
    'sync-token': 0,
    'sync-collection': 0,
    multiget: 0,
    put: 0,
    delete: 0,
    register: 0,
    home: 0,
    list: 0,
  };
  for (const { form, devices } of parts)
    for (const { kind, count } of form.requests) counts[kind] += count * devices;
  return counts;
}

function countBytes(spec: RunSpec, parts: readonly Part[]): RunRecord['bytes'] {
  const total = new Map<ByteCause, { up: number; down: number }>();
  const add = (cause: ByteCause, up: number, down: number) => {
    const sum = total.get(cause) ?? { up: 0, down: 0 };
    total.set(cause, { up: sum.up + up, down: sum.down + down });
  };
  const { connect, keepAlive, pushToDevice } = spec.wire;
  for (const { form, devices } of parts) {
    const often = (cause: ByteCause, times: number, { up, down }: { up: number; down: number }) =>
      add(cause, up * times * devices, down * times * devices);
    often('connect', form.connects, connect);
    often('keep-alive', form.keepAlives, keepAlive);
    often('push', form.messages, pushToDevice);
    for (const made of form.requests) {
      const { up, down } = bytesOf(spec, made);
      add(causeOf[made.kind], up * devices, down * devices);
    }
  }
  return byteCauses.map((cause) => ({ cause, up: 0, down: 0, ...total.get(cause) }));
}

function ledgerOf(spec: RunSpec, parts: readonly Part[], collections: readonly SeenCollections[]) {
  const histograms: Record<Importance, Histogram> = {
    high: new Histogram(),
    normal: new Histogram(),
    low: new Histogram(),
  };
  const perUser = devicesPerUser(spec);
  let changes = 0;
  let expected = 0;
  let seenLate = 0;
  for (const [place, { group, perMs, othersPerMs }] of collections.entries()) {
    const members = Math.min(group.members, spec.users);
    changes += ((spec.users * group.perUser) / members) * perMs * spec.durationMs;
    const weights = importances.reduce((sum, name) => sum + group.importance[name], 0);
    for (const { form, devices } of parts) {
      const pairs = devices * group.perUser * othersPerMs * spec.durationMs;
      expected += perUser === 0 ? 0 : pairs;
      const { delays = [] } = form.seeing[place] ?? {};
      seenLate += (pairs * delays.reduce((sum, { ms, share }) => sum + share * ms, 0)) / spec.durationMs;
      for (const name of importances) {
        const each = (pairs * group.importance[name]) / weights;
        if (each === 0) continue;
        for (const { ms, share } of delays) histograms[name].add(ms, share * each);
      }
    }
  }
  const staleness = {
    high: histograms.high.toData(),
    normal: histograms.normal.toData(),
    low: histograms.low.toData(),
  };
  return {
    staleness,
    ledger: { changes, expected, seen: expected, seenLate: Math.min(seenLate, expected), lost: 0 },
  };
}

const sumOver = (parts: readonly Part[], value: (form: GroupForm) => number): number =>
  parts.reduce((sum, { form, devices }) => sum + devices * value(form), 0);

/** Mean over all pairs of a device and a collection it shows; `empty` where there are none. */
function meanOver(
  parts: readonly Part[],
  collections: readonly SeenCollections[],
  empty: number,
  value: (seeing: Seeing) => number,
): number {
  let sum = 0;
  let pairs = 0;
  for (const { form, devices } of parts) {
    for (const [place, seeing] of form.seeing.entries()) {
      const { each = 0 } = collections[place] ?? {};
      sum += devices * each * value(seeing);
      pairs += devices * each;
    }
  }
  return pairs === 0 ? empty : sum / pairs;
}
