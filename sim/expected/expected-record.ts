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
import { bytesOf, groupForm, type GroupForm } from './group-form.ts';
import { serverForm } from './server-form.ts';

const steps = 2048;

interface Part {
  readonly form: GroupForm;
  readonly devices: number;
}

/** Work that comes to the server, as a share of what its workers can do. */
export function loadOf(spec: RunSpec): number {
  const requests = countRequests(partsOf(spec, collectionsSeen(spec)));
  const { serviceMs, workers } = spec.server;
  const busyMs = requestKinds.reduce(
    (sum, kind) => sum + requests[kind] * meanOf(ofRequest(serviceMs, kind)),
    0,
  );
  return busyMs / (spec.durationMs * workers);
}

function partsOf(spec: RunSpec, collections: readonly SeenCollections[]): Part[] {
  return spec.deviceGroups.map((group) => {
    if (group.syncPolicy.kind !== 'fixed')
      throw new RangeError(`no closed form for ${group.syncPolicy.kind}`);
    return {
      form: groupForm(spec, group, collections, group.syncPolicy.intervalMs),
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
    freshShare: meanOver(parts, collections, freshShare),
    meanAgeMs: meanOver(parts, collections, meanAgeMs),
    ledger: seen.ledger,
    push: { sent: 0, merged: 0, delivered: 0, dropped: 0, failed: 0 },
    server: serverForm(spec, requests),
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
  const { connect } = spec.wire;
  for (const { form, devices } of parts) {
    add('connect', connect.up * form.connects * devices, connect.down * form.connects * devices);
    for (const made of form.requests) {
      const { up, down } = bytesOf(spec, made);
      add(causeOf[made.kind], up * devices, down * devices);
    }
  }
  return byteCauses.map((cause) => ({ cause, up: 0, down: 0, ...total.get(cause) }));
}

/** Every change is new to a device after a time uniform within its interval, and what it takes to bring it. */
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
  for (const { group, perMs, othersPerMs } of collections) {
    const members = Math.min(group.members, spec.users);
    changes += ((spec.users * group.perUser) / members) * perMs * spec.durationMs;
    const weights = importances.reduce((sum, name) => sum + group.importance[name], 0);
    for (const { form, devices } of parts) {
      const pairs = devices * group.perUser * othersPerMs * spec.durationMs;
      expected += perUser === 0 ? 0 : pairs;
      seenLate += (pairs * (form.periodMs / 2 + form.bringMs)) / spec.durationMs;
      for (const name of importances) {
        const each = (pairs * group.importance[name]) / weights / steps;
        if (each > 0) spread(histograms[name], form, each);
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

function spread(histogram: Histogram, { periodMs, bringMs }: GroupForm, each: number): void {
  for (let step = 0; step < steps; step += 1) {
    histogram.add(bringMs + (periodMs * (step + 0.5)) / steps, each);
  }
}

/** Mean over all pairs of a device and a collection it shows. */
function meanOver(
  parts: readonly Part[],
  collections: readonly SeenCollections[],
  value: (changesPerPeriod: number, periodMs: number) => number,
): number {
  let sum = 0;
  let pairs = 0;
  for (const { form, devices } of parts) {
    for (const { each, othersPerMs } of collections) {
      sum += devices * each * value(othersPerMs * form.periodMs, form.periodMs);
      pairs += devices * each;
    }
  }
  return pairs === 0 ? value(0, 0) : sum / pairs;
}

/** Share of the time in which a device holds the latest state, x changes coming in each interval: (1 - e^-x) / x. */
const freshShare = (x: number): number => (x === 0 ? 1 : -Math.expm1(-x) / x);

/** T (1/2 - 1/x + (1 - e^-x) / x^2), by its series where that would lose its digits (Cho and Garcia-Molina, TODS 28(4), 2003). */
const meanAgeMs = (x: number, periodMs: number): number =>
  x < 1e-3 ? periodMs * (x / 6 - (x * x) / 24) : periodMs * (1 / 2 - 1 / x - Math.expm1(-x) / (x * x));
