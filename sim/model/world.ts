import {
  busyUntil,
  doubles,
  connectionUsed,
  DeviceTable,
  lastActive,
  otherDraws,
  row,
  countRow,
} from '../device/index.ts';
import { EventQueue, streamKey, streams, uniform } from '../kernel/index.ts';
import { connectRoundTrips } from '../network/index.ts';
import { ColdStart, FifoServer, Pauses } from '../server/index.ts';
import {
  ofRequest,
  requestKinds,
  type Distribution,
  type RequestCost,
  type RunSpec,
  type ServerSpec,
} from '../spec.ts';
import {
  changesOf,
  layoutFleet,
  type ChangeSchedule,
  type FleetBlock,
  type FleetLayout,
} from '../workload/index.ts';
import type { CountedWindow } from '../window.ts';
import { DeviceKind } from './device-kind.ts';
import { ampleWorkers } from './apart.ts';
import { Guard } from './guard.ts';
import { isGuarded } from './is-guarded.ts';
import { Ledger } from './ledger.ts';
import { SmallQueue } from './small-queue.ts';
import { Traffic } from './traffic.ts';
import { VersionLog } from './version-log.ts';
import { Whereabouts } from './whereabouts.ts';

/** Keys of the random streams that the run draws from. */
const keysOf = (seed: number) => ({
  policy: streamKey(seed, streams.policy),
  roundTrip: streamKey(seed, streams.roundTrip),
  service: streamKey(seed, streams.service),
  pushService: streamKey(seed, streams.pushService),
  retry: streamKey(seed, streams.retry),
  pushDelay: streamKey(seed, streams.pushDelay),
  pushLoss: streamKey(seed, streams.pushLoss),
  paging: streamKey(seed, streams.paging),
  keepAlivePhase: streamKey(seed, streams.keepAlivePhase),
});

/** Events pending beyond one for each device: room that is not used takes no memory in large fleets, and moving to more would. */
const spareEvents = (devices: number): number => 1024 + Math.min(2 ** 19, devices >> 1);

/** How a run is made. */
export interface RunForm {
  /** Sums may not depend on the order of events, and nobody waits for the server. */
  readonly orderless: boolean;
  /** Only these parts of the fleet are run, one after the other. */
  readonly block?: FleetBlock | undefined;
}

/** Everything that one run holds: who there is, what happened so far, and what is pending. */
export class World {
  readonly spec: RunSpec;
  readonly window: CountedWindow;
  private readonly span: { readonly from: number; to: number };
  readonly keys: ReturnType<typeof keysOf>;
  readonly layout: FleetLayout;
  /** Present when the parts of a block are run one after the other. */
  readonly block: FleetBlock | undefined;
  readonly schedule: ChangeSchedule;
  readonly kinds: readonly DeviceKind[];
  /** The kind of all devices where there is one. */
  private readonly onlyKind: DeviceKind | undefined;
  /** Where and when devices can be reached, by group. */
  readonly whereabouts: readonly Whereabouts[];
  readonly devices: DeviceTable;
  /** Subscriptions of every device where all have as many, else -1, and those of devices before each one. */
  private readonly evenPlaces: number;
  /** Devices of every user where all have as many, else -1. */
  private readonly evenDevices: number;
  private readonly subscriptionsBefore: Uint32Array;
  /** The version each subscription's device holds. */
  readonly known: Uint32Array;
  /** Pending events: of the whole fleet, or of the part of it that is run now. */
  readonly queue: EventQueue | SmallQueue;
  readonly fleetQueue: EventQueue;
  readonly partQueue: SmallQueue | undefined;
  readonly server: FifoServer;
  readonly cold: ColdStart | undefined;
  readonly pauses: Pauses | undefined;
  readonly versions: VersionLog;
  /** Bytes and service times by request kind. */
  readonly costs: readonly RequestCost[];
  readonly serviceMs: readonly Distribution[];
  /** Service times that do not vary, in ticks by request kind; `NaN` for those that are drawn. */
  readonly fixedService: Float64Array;
  readonly traffic: Traffic;
  readonly ledger: Ledger;
  /** How many round trips a new connection takes. */
  readonly connectRoundTrips: number;
  /** Between devices and a server that may leave requests unanswered; none for one that answers all. */
  readonly guard: Guard | undefined;
  /** Some changes arise at the server, and may do so while a request waits for a worker. */
  readonly changesArise: boolean;
  /** When each subscription's device last learned something, in ticks; empty unless contacts may leave out collections. */
  readonly learnedAt: Float64Array;
  /** Changes of devices that are not committed yet. */
  writesPending: number;

  constructor(spec: RunSpec, { orderless, block }: RunForm = { orderless: false }) {
    this.spec = spec;
    const from = Math.round(spec.warmUpMs * 1000);
    this.span = { from, to: from + Math.round(spec.durationMs * 1000) };
    this.window = this.span;
    this.keys = keysOf(spec.seed);
    this.block = block;
    this.layout = block?.layout ?? layoutFleet(spec);
    this.schedule = block?.schedule ?? changesOf(spec, this.layout);
    this.kinds = spec.deviceGroups.map((group) => new DeviceKind(group, spec, this.window));
    this.onlyKind = this.kinds.length === 1 ? this.kinds[0] : undefined;
    this.whereabouts = spec.deviceGroups.map((group) => new Whereabouts(group, spec, this.layout));
    const policiesDraw = this.kinds.some(({ policy }) => policy.periodMs === undefined);
    this.devices = new DeviceTable(this.layout.devices, policiesDraw);
    this.evenPlaces = evenPartOf(this.layout.users, this.layout.firstCollection);
    this.evenDevices = evenPartOf(this.layout.users, this.layout.firstDevice);
    this.subscriptionsBefore = new Uint32Array(this.evenPlaces < 0 ? this.layout.devices + 1 : 0);
    this.placeDevices();
    this.known = new Uint32Array(this.firstSubscriptionOf(this.layout.devices));
    const partial = this.kinds.some(({ policy }) => policy.pushedOnly === true);
    this.learnedAt = new Float64Array(partial ? this.known.length : 0);
    this.partQueue = block && new SmallQueue();
    const room = block === undefined ? this.layout.devices + spareEvents(this.layout.devices) : 0;
    this.fleetQueue = new EventQueue(room);
    this.fleetQueue.touchAhead(this.devices.times, doubles);
    this.queue = this.partQueue ?? this.fleetQueue;
    this.cold = coldStartOf(spec.server, this.window);
    this.pauses = pausesOf(spec, this.window);
    this.server = new FifoServer(
      orderless ? ampleWorkers : spec.server.workers,
      { cold: this.cold, pauses: this.pauses },
      this.queue,
    );
    this.versions = new VersionLog(this.layout, this.schedule);
    this.costs = requestKinds.map((kind) => ofRequest(spec.wire.requests, kind));
    this.serviceMs = requestKinds.map((kind) => ofRequest(spec.server.serviceMs, kind));
    this.fixedService = Float64Array.from(this.serviceMs, (service) => {
      return service.kind === 'constant' ? Math.round(service.value * 1000) : NaN;
    });
    this.traffic = new Traffic(this.window, this.fixedService);
    this.ledger = new Ledger(this.window, orderless);
    this.connectRoundTrips = connectRoundTrips(spec.transport);
    this.changesArise = spec.collectionGroups.some(
      ({ writer, changes }) => writer === 'external' || changes.kind === 'scheduling',
    );
    this.writesPending = this.schedule.count;
    this.guard = isGuarded(spec) ? new Guard(this) : undefined;
  }

  /** After this nobody tries any longer to bring or fetch what the counted time left behind: a server may never answer. */
  get patienceUntil(): number {
    return 2 * this.window.to - this.window.from;
  }

  /** Has the counted time end at `tick`, behind all that is accounted for. */
  endAt(tick: number): void {
    this.span.to = tick;
  }

  private placeDevices(): void {
    const { layout, devices } = this;
    for (let device = 0; device < layout.devices; device += 1) {
      const kind = this.kindOf(device);
      kind.devices += 1;
      if (this.evenPlaces < 0)
        this.subscriptionsBefore[device + 1] =
          (this.subscriptionsBefore[device] ?? 0) + this.collectionsOf(device);
      const at = row(device);
      devices.times[at + lastActive] = kind.radio.idleSinceStart;
      devices.times[at + busyUntil] = 0;
      devices.times[at + connectionUsed] = -Infinity;
    }
  }

  private collectionsOf(device: number): number {
    const { firstCollection, userOfDevice } = this.layout;
    const user = userOfDevice[device] ?? 0;
    return (firstCollection[user + 1] ?? 0) - (firstCollection[user] ?? 0);
  }

  /** Where the subscriptions of a device begin in `known`, one for each collection of its user in order. */
  firstSubscriptionOf(device: number): number {
    return this.evenPlaces < 0 ? (this.subscriptionsBefore[device] ?? 0) : device * this.evenPlaces;
  }

  kindOf(device: number): DeviceKind {
    const kind = this.onlyKind ?? this.kinds[this.layout.groupOfDevice[device] ?? 0];
    if (kind === undefined) throw new RangeError(`no device ${device}`);
    return kind;
  }

  /** Until when what the device of a subscription does not know may be for want of asking. */
  heldUntil(device: number, subscription: number, contactEnd: number): number {
    return this.kindOf(device).policy.pushedOnly === true ? (this.learnedAt[subscription] ?? 0) : contactEnd;
  }

  /** Until when what a device does not know may be for want of asking: the end of its last contact that was not given up. */
  settledAt(device: number): number {
    return this.guard?.settledAt[device] ?? this.devices.times[row(device) + busyUntil] ?? 0;
  }

  /** The first instant from `tick` on at which a device is reachable. */
  onlineAt(device: number, tick: number): number {
    return this.whereaboutsOf(device).onlineAt(device, tick);
  }

  whereaboutsOf(device: number): Whereabouts {
    const whereabouts = this.whereabouts[this.layout.groupOfDevice[device] ?? 0];
    if (whereabouts === undefined) throw new RangeError(`no device ${device}`);
    return whereabouts;
  }

  /** By what a device draws: its number in the whole fleet. */
  idOf(device: number): number {
    return this.block === undefined ? device : (this.block.deviceIds[device] ?? 0);
  }

  /** The next index of a device's stream of draws that are not its policy's. */
  nextDraw(device: number): number {
    const at = countRow(device) + otherDraws;
    const index = this.devices.counts[at] ?? 0;
    this.devices.counts[at] = index + 1;
    return index;
  }

  /** First entry in `collectionList` of the user of a device. */
  firstCollectionOf(device: number): number {
    const { layout, evenDevices } = this;
    const user = evenDevices > 0 ? Math.floor(device / evenDevices) : (layout.userOfDevice[device] ?? 0);
    return layout.firstCollection[user] ?? 0;
  }

  subscriptionsOf(device: number): number {
    if (this.evenPlaces >= 0) return this.evenPlaces;
    return (this.subscriptionsBefore[device + 1] ?? 0) - (this.subscriptionsBefore[device] ?? 0);
  }
}

/** How many rows of a list cut up by `first` every user has; -1 when some have more than others. */
function evenPartOf(users: number, first: Int32Array): number {
  const part = first[1] ?? 0;
  for (let user = 1; user < users; user += 1) if (first[user + 1] !== (user + 1) * part) return -1;
  return part;
}

/** A run begins at any time between two collections. */
function pausesOf({ server: { majorGc }, seed }: RunSpec, window: CountedWindow): Pauses | undefined {
  return majorGc && new Pauses(majorGc, window, uniform(streamKey(seed, streams.majorGcPhase), 0, 0));
}

function coldStartOf(
  { cold, coldKept, coldOfCheck = 1 }: ServerSpec,
  window: CountedWindow,
): ColdStart | undefined {
  const shares = Float64Array.from(requestKinds, (kind) => (kind === 'sync-token' ? coldOfCheck : 1));
  return cold && new ColdStart(cold, window, coldKept, shares);
}
