import type { CauseBytes, GroupRecord, RunRecord } from '../metrics/index.ts';
import { processorTime } from '../server/index.ts';
import type { RunSpec } from '../spec.ts';
import type { Airtime } from './airtime.ts';
import { groupEnergy } from './group-energy.ts';
import type { SimulationMode } from './mode.ts';
import type { Pushes } from './pushes.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const connectCause = causeIndex('connect');

/** What a run that is over yields. @throws RangeError when something does not add up: a defect of the model */
export function recordOf(world: World, airtime: Airtime, pushes: Pushes, mode: SimulationMode): RunRecord {
  const { layout, ledger, traffic, window, spec } = world;
  for (const kind of world.kinds) kind.book?.settle(kind, traffic);
  const stateCheck = compareStates(world);
  const server = traffic.server();
  settlePolls(world);
  for (let device = 0; device < layout.devices; device += 1) airtime.finish(device, world.kindOf(device));
  const bytes = traffic.byCause(world.costs);
  const workersMs = server.busyMs + (world.cold?.spent ?? 0) / 1000 + handshakesMs(spec, bytes);
  const { messages } = traffic;
  const majorGcs = world.pauses?.count ?? 0;
  const countedMs = (window.to - window.from) / 1000;
  return {
    spec,
    backend: 'sim',
    mode,
    timeScale: 1,
    countedMs,
    devices: layout.devices,
    groups: groupsOf(world),
    requests: traffic.byKind(),
    bytes,
    staleness: ledger.byImportance(),
    freshShare: ledger.freshShare(world.known.length),
    meanAgeMs: ledger.meanAgeMs(world.known.length),
    ledger: ledger.totals(),
    push: pushes.totals(),
    server: { ...server, ...processorTime(spec.server, { workersMs, messages, majorGcs, countedMs }) },
    ...(world.guard && { failures: world.guard.failures.record() }),
    stateCheck,
  };
}

/** Work of the TLS handshakes, of which there were as many as their bytes say. */
function handshakesMs({ server, wire }: RunSpec, bytes: readonly CauseBytes[]): number {
  const up = bytes.find(({ cause }) => cause === 'connect')?.up ?? 0;
  return wire.connect.up > 0 ? (up / wire.connect.up) * (server.connectMs ?? 0) : 0;
}

/** Puts the bytes of first requests, which are all alike, on the books. */
function settlePolls({ kinds, spec, traffic, window }: World): void {
  const { connect } = spec.wire;
  for (const { firstBytesDown, firstBytesUp, pollConnects, polls, radio } of kinds) {
    traffic.bytes(window.from, connectCause, connect.up * pollConnects, connect.down * pollConnects);
    radio.carry(
      window.from,
      firstBytesUp * polls + connect.up * pollConnects,
      firstBytesDown * polls + connect.down * pollConnects,
    );
  }
}

function groupsOf({ kinds, window }: World): GroupRecord[] {
  return kinds.map((kind) => {
    const { group, devices, contacts, emptyContacts } = kind;
    const wanted = devices * (window.to - window.from);
    for (const radio of kind.lines.flatMap(({ totals }) => totals)) {
      // Sums beyond 2^53 ticks are rounded.
      if (Math.abs(radio.countedTicks - wanted) > wanted * 1e-8) {
        throw new RangeError(`radio time of ${group.name} is ${radio.countedTicks} ticks, not ${wanted}`);
      }
    }
    return { name: group.name, devices, contacts, emptyContacts, ...groupEnergy(kind) };
  });
}

/** Compares what every device holds with the server, and counts what it never learned of as lost. */
function compareStates(world: World): RunRecord['stateCheck'] {
  const { layout, versions, schedule, ledger, known } = world;
  let different = 0;
  for (let device = 0; device < layout.devices; device += 1) {
    const first = world.firstCollectionOf(device);
    const places = world.subscriptionsOf(device);
    const contactEnd = world.settledAt(device);
    for (let place = 0; place < places; place += 1) {
      const collection = layout.collectionList[first + place] ?? 0;
      let staleFrom = Infinity;
      const held = known[world.firstSubscriptionOf(device) + place] ?? 0;
      for (let version = held + 1; version <= versions.latest(collection); version += 1) {
        const change = versions.changeOf(collection, version);
        if (schedule.writer[change] === device) continue;
        const committedAt = versions.committedAt[change] ?? 0;
        if (staleFrom === Infinity) staleFrom = committedAt;
        ledger.lost(committedAt);
      }
      if (staleFrom === Infinity) continue;
      different += 1;
      const subscription = world.firstSubscriptionOf(device) + place;
      const heldUntil = world.heldUntil(device, subscription, contactEnd);
      ledger.stale(Math.max(staleFrom, heldUntil), world.window.to);
    }
  }
  return { compared: known.length, different };
}
