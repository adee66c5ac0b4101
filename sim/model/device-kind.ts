import type { RadioTotals } from '../device/index.ts';
import type { Sampler } from '../kernel/index.ts';
import { connectRoundTrips } from '../network/index.ts';
import { createSyncPolicy, type SyncPolicy } from '../policy/index.ts';
import { ofRequest, requestKinds, type DeviceGroup, type RunSpec } from '../spec.ts';
import type { CountedWindow } from '../window.ts';
import { CleanBook } from './clean-book.ts';
import { isGuarded } from './is-guarded.ts';
import { Line } from './line.ts';

/** At most so many devices. */
const fleetSize = ({ users, deviceGroups }: RunSpec): number =>
  deviceGroups.reduce((sum, { perUser }) => sum + Math.ceil(users * perUser), 0);

/** One device group made ready to run: what its devices share, and their totals. */
export class DeviceKind {
  readonly group: DeviceGroup;
  readonly policy: SyncPolicy;
  readonly radio: RadioTotals;
  readonly roundTripMs: Sampler;
  /** Round-trip time in ticks; -1 when it is drawn for each contact. */
  readonly fixedRoundTrip: number;
  /** The network of the devices, of which the three above are parts, and the one that some change to. */
  readonly first: Line;
  readonly second: Line | undefined;
  /** Things go on on the radio between contacts: keep-alives, other traffic, changes of the network. */
  readonly hasBackground: boolean;
  /** The request that begins with each collection, index into `requestKinds`; its bytes, and how long they take. */
  readonly firstRequest: number;
  readonly firstBytesUp: number;
  readonly firstBytesDown: number;
  readonly firstTicksUp: number;
  readonly firstTicksDown: number;
  /** How long the bytes of a new connection take. */
  readonly connectTicks: number;
  /** Time from the start of a new connection to the first request on it; only where the round trip is fixed. */
  readonly connectLead: number;
  /** Nothing about a contact that finds nothing is drawn, and no push interferes with its schedule. */
  readonly plain: boolean;
  /** Period of a schedule whose contacts are all alike while they find nothing; 0 when they are not. */
  readonly periodTicks: number;
  /** When a contact starts, or ends, depends on what cannot be foreseen: an operating system, a server that holds answers. */
  readonly direct: boolean;
  /** A contact that finds nothing depends on nothing but the device itself, and the server never meets many at once. */
  readonly quiet: boolean;
  /** Period of the schedule in ticks when it is a whole number of them; 0 otherwise. */
  readonly wholePeriod: number;
  readonly batch: number;
  /** How a collection is compared, index into `requestKinds`. */
  readonly report: number;
  readonly inline: boolean;
  readonly concurrency: number;
  readonly asksHome: boolean;
  /** The first request has the same size whatever it finds, so that its arrival can be foreseen. */
  readonly constantFirst: boolean;
  /** Devices of the group hold push subscriptions, and a connection to the push service. */
  readonly pushed: boolean;
  readonly keepAliveTicks: number;
  /** How long an idle connection for requests is kept on the first network. */
  readonly keptTicks: number;
  /** How long a device waits for an answer; `Infinity` for ever. */
  readonly timeoutTicks: number;
  /** Present where contacts are plain. */
  readonly book: CleanBook | undefined;
  devices = 0;
  contacts = 0;
  emptyContacts = 0;
  /** First requests made by `Polls`, and how many opened a connection: all carry the same bytes. */
  polls = 0;
  pollConnects = 0;

  constructor(group: DeviceGroup, spec: RunSpec, window: CountedWindow) {
    const { link, radio, client } = group;
    this.group = group;
    this.policy = createSyncPolicy(group.syncPolicy);
    const shared = group.otherTraffic === undefined ? 0 : fleetSize(spec);
    this.first = new Line(radio, link, shared, spec.transport, window);
    this.second =
      group.roaming && new Line(group.roaming.radio, group.roaming.link, shared, spec.transport, window);
    this.radio = this.first.radio;
    this.keptTicks = this.first.keptTicks;
    this.roundTripMs = this.first.roundTripMs;
    this.fixedRoundTrip = this.first.fixedRoundTrip;
    this.report = requestKinds.indexOf(client.report ?? 'sync-collection');
    this.inline = client.inline ?? false;
    this.concurrency = client.concurrency ?? 1;
    this.asksHome = client.check === 'home';
    const first = client.check === 'none' ? (client.report ?? 'sync-collection') : client.check;
    this.constantFirst = first === 'sync-token' || first === 'sync-collection';
    this.firstRequest = requestKinds.indexOf(first);
    const cost = ofRequest(spec.wire.requests, first);
    this.firstBytesUp = cost.up;
    this.firstBytesDown = cost.down;
    this.firstTicksUp = this.ticksOf(this.firstBytesUp, 0);
    this.firstTicksDown = this.ticksOf(0, this.firstBytesDown);
    this.connectTicks = this.ticksOf(spec.wire.connect.up, spec.wire.connect.down);
    const roundTrips = connectRoundTrips(spec.transport) * this.fixedRoundTrip;
    this.connectLead = this.connectTicks + roundTrips;
    this.direct =
      group.os !== undefined ||
      this.policy.holdMs !== undefined ||
      this.second !== undefined ||
      group.otherTraffic !== undefined;
    this.batch = client.multigetBatch;
    this.pushed = this.policy.usesPush && spec.pushPolicy.kind !== 'off' && group.pushService !== null;
    this.plain =
      !this.pushed &&
      !isGuarded(spec) &&
      group.connectivity === undefined &&
      !this.direct &&
      this.constantFirst &&
      !this.radio.shape.staged &&
      this.fixedRoundTrip >= 0 &&
      spec.server.serviceMs[first]?.kind === 'constant';
    this.timeoutTicks = (client.timeoutMs ?? Infinity) * 1000;
    const keepAliveMs = group.keepAliveMs ?? (group.pushService ?? spec.pushService).keepAliveMs;
    const periodTicks = (this.policy.periodMs ?? 0) * 1000;
    this.wholePeriod = Number.isInteger(periodTicks) ? periodTicks : 0;
    this.quiet =
      !this.pushed &&
      !this.direct &&
      !isGuarded(spec) &&
      group.connectivity === undefined &&
      this.constantFirst &&
      this.policy.alone === true;
    // One exchange must be over before its waiting outlasts the first stage, and a contact before the next is due.
    const service = spec.server.serviceMs[first];
    const waits = this.fixedRoundTrip + (service?.kind === 'constant' ? service.value * 1000 : Infinity);
    const steady = this.plain && Number.isInteger(periodTicks) && waits <= this.radio.firstTail;
    this.periodTicks = steady ? periodTicks : 0;
    this.keepAliveTicks = this.pushed ? Math.round(keepAliveMs * 1000) : 0;
    this.book =
      this.plain && service?.kind === 'constant'
        ? new CleanBook(this, Math.round(service.value * 1000))
        : undefined;
    this.hasBackground =
      this.keepAliveTicks > 0 || this.second !== undefined || group.otherTraffic !== undefined;
  }

  /** All networks of the devices. */
  get lines(): readonly Line[] {
    return this.second === undefined ? [this.first] : [this.first, this.second];
  }

  /** How long a transfer takes on the first network. */
  ticksOf(bytesUp: number, bytesDown: number): number {
    return this.first.ticksOf(bytesUp, bytesDown);
  }
}
