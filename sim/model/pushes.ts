import { createSampler, nearest, type Sampler } from '../kernel/index.ts';
import type { PushTotals } from '../metrics/index.ts';
import { PushRoute } from '../network/index.ts';
import { createPushPolicy, type PushMoment, type PushPolicy } from '../policy/index.ts';
import { ColdKind } from '../server/index.ts';
import { importances, type PushServiceSpec } from '../spec.ts';
import { isCounted } from '../window.ts';
import type { Airtime } from './airtime.ts';
import { Bursts } from './bursts.ts';
import type { Contacts } from './contacts.ts';
import { eventCode, eventKinds } from './event-code.ts';
import { PushMessagePool, type PushMessage } from './push-message.ts';
import type { PushConnections } from './push-connections.ts';
import { causeIndex } from './traffic.ts';
import type { World } from './world.ts';

const pushCause = causeIndex('push');

/** Sends push messages as the policy says, merging what is pending for the same device and collection. */
export class Pushes {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly contacts: Contacts;
  private readonly connections: PushConnections | undefined;
  private readonly policy: PushPolicy;
  /** The push service of each device group. */
  private readonly routes: readonly PushRoute[];
  private readonly encryptMs: Sampler;
  private readonly cold: ColdKind;
  private readonly bursts: Bursts;
  private readonly waits: number;
  private readonly dueAt: Float64Array;
  private readonly firstAt: Float64Array;
  private readonly sentAt: Float64Array;
  private readonly importance: Uint8Array;
  /** What the policy remembers of each subscription; empty when it does not. */
  private readonly memory: Float64Array;
  private readonly messages = new PushMessagePool();
  /** Messages that push services keep for devices out of reach, the oldest first. */
  private readonly stored = new Map<number, PushMessage[]>();
  /** By subscription, the message of its topic that waits for the throttle of the push service, and until when. */
  private readonly throttled = new Map<
    number,
    { readonly message: PushMessage; readonly passesAt: number }
  >();
  private readonly moment: PushMoment = {
    now: 0,
    importance: 'low',
    firstAt: 0,
    dueAt: NaN,
    lastSentAt: -Infinity,
    rank: 0,
    backlogMs: 0,
    memory: 0,
  };
  /** The device that wrote a change is told of it as well. */
  readonly selfEcho: boolean;
  private sent = 0;
  private merged = 0;
  private delivered = 0;
  private dropped = 0;
  private failed = 0;

  constructor(world: World, airtime: Airtime, contacts: Contacts, connections?: PushConnections) {
    this.connections = connections;
    const { spec } = world;
    this.world = world;
    this.airtime = airtime;
    this.contacts = contacts;
    this.policy = createPushPolicy(spec.pushPolicy);
    this.selfEcho = this.policy.selfEcho ?? false;
    const services = new Map<PushServiceSpec, PushRoute>();
    const pushed = world.kinds.some((kind) => kind.pushed);
    this.routes = spec.deviceGroups.map(({ pushService }) => {
      const service = pushService ?? spec.pushService;
      const route = services.get(service) ?? new PushRoute(service, pushed ? world.layout.devices : 0);
      services.set(service, route);
      return route;
    });
    this.encryptMs = createSampler(spec.server.pushMs);
    this.cold = new ColdKind(spec.server.pushCold ?? []);
    this.bursts = new Bursts(spec.server);
    this.waits = spec.server.pushWaits ?? 0;
    const subscriptions = pushed ? world.known.length : 0;
    this.dueAt = new Float64Array(subscriptions).fill(NaN);
    this.firstAt = new Float64Array(subscriptions);
    this.sentAt = new Float64Array(subscriptions).fill(-Infinity);
    this.importance = new Uint8Array(subscriptions);
    this.memory = new Float64Array(this.policy.remembers === true ? subscriptions : 0);
  }

  /** A change was committed at `tick` that the device must learn of; `rank` counts the subscriptions it concerns. */
  offer(device: number, place: number, importance: number, tick: number, rank: number): void {
    const { moment, world } = this;
    const subscription = world.firstSubscriptionOf(device) + place;
    const due = this.dueAt[subscription] ?? NaN;
    const opens = Number.isNaN(due);
    // Importances are listed from the highest, so the lower index counts.
    const highest = opens ? importance : Math.min(importance, this.importance[subscription] ?? 0);
    moment.now = tick / 1000;
    moment.importance = importances[highest] ?? 'low';
    moment.firstAt = opens ? moment.now : (this.firstAt[subscription] ?? 0) / 1000;
    moment.dueAt = due / 1000;
    moment.lastSentAt = (this.sentAt[subscription] ?? 0) / 1000;
    moment.rank = rank;
    moment.backlogMs = world.server.backlog(tick) / 1000;
    moment.memory = this.memory[subscription] ?? 0;
    const answer = Math.max(tick, nearest(this.policy.due(moment) * 1000));
    if (this.memory.length > 0) this.memory[subscription] = moment.memory;
    if (opens && answer === Infinity) return;
    if (opens) this.firstAt[subscription] = tick;
    else if (isCounted(world.window, tick)) this.merged += 1;
    this.importance[subscription] = highest;
    if (answer === due) return;
    if (!opens) this.bursts.remove(this.collectionOf(device, place), due);
    this.dueAt[subscription] = answer;
    if (answer !== Infinity) this.schedule(device, place, answer);
  }

  private schedule(device: number, place: number, tick: number): void {
    this.bursts.add(this.collectionOf(device, place), tick);
    this.world.queue.push(tick, device, eventCode(eventKinds.send, place));
  }

  /** Sends the message that is due at `tick`, if it has not been moved. */
  send(device: number, place: number, tick: number): void {
    const { world } = this;
    const subscription = world.firstSubscriptionOf(device) + place;
    if (this.dueAt[subscription] !== tick) return;
    const up = world.guard?.availability.upAt(tick) ?? tick;
    if (up > tick) {
      this.dueAt[subscription] = up;
      this.bursts.remove(this.collectionOf(device, place), tick);
      this.schedule(device, place, up);
      return;
    }
    this.dueAt[subscription] = NaN;
    this.sentAt[subscription] = tick;
    const counted = isCounted(world.window, tick);
    if (counted) this.sent += 1;
    const draw = world.nextDraw(device);
    const besides = this.bursts.besides(this.collectionOf(device, place), tick);
    const alone = this.encryptMs(world.keys.pushService, device, draw) * 1000 + this.cold.take(tick);
    const work = nearest(this.bursts.ofWorker(alone, besides));
    const taking = work + nearest(work * besides * this.waits);
    const accepted = world.guard?.work(tick, taking) ?? world.server.serve(tick, taking);
    world.traffic.push(tick, work, besides);
    const route = this.routeOf(device);
    const taken = route.acceptedAt(accepted);
    if (taken > accepted && counted) this.failed += 1;
    const message = this.compose(device, place, tick, taken);
    const arrival =
      taken === Infinity ? Infinity : route.arrivesAt(message, subscription, taken, world.keys, draw);
    if (arrival < Infinity && message.topic) this.takeTurn(message, subscription, taken, route.passedAt);
    if (arrival === Infinity) this.drop(message, tick);
    else world.queue.push(arrival, device, eventCode(eventKinds.pushed, message.slot));
  }

  /** A message as it leaves at `tick`, which the push service takes at `taken`. */
  private compose(device: number, place: number, tick: number, taken: number): PushMessage {
    const { world } = this;
    const subscription = world.firstSubscriptionOf(device) + place;
    const highest = importances[this.importance[subscription] ?? 0] ?? 'low';
    const { ttlSeconds, topic, urgency } = this.policy.message(highest);
    const message = this.messages.take(device, place);
    message.version = this.versionFor(device, place, tick);
    message.urgency = urgency;
    message.topic = topic;
    message.expiresAt = taken + ttlSeconds * 1e6;
    return message;
  }

  /** The version that a message announces, to devices that look at it. */
  private versionFor(device: number, place: number, tick: number): number {
    const { world } = this;
    if (world.kindOf(device).policy.skipsKnown !== true) return Infinity;
    return world.versions.versionAt(this.collectionOf(device, place), tick);
  }

  private collectionOf(device: number, place: number): number {
    const { layout } = this.world;
    return layout.collectionList[this.world.firstCollectionOf(device) + place] ?? 0;
  }

  private routeOf(device: number): PushRoute {
    const route = this.routes[this.world.layout.groupOfDevice[device] ?? 0];
    if (route === undefined) throw new RangeError(`device ${device} has no push service`);
    return route;
  }

  /** A message that waits for the throttle takes the turn of an older one of its topic that does. */
  private takeTurn(message: PushMessage, subscription: number, tick: number, passesAt: number): void {
    const older = this.throttled.get(subscription);
    if (older !== undefined && older.passesAt > tick) {
      older.message.replaced = true;
      if (isCounted(this.world.window, tick)) this.dropped += 1;
    }
    if (passesAt > tick) this.throttled.set(subscription, { message, passesAt });
    else if (older !== undefined) this.throttled.delete(subscription);
  }

  /** Nobody will get the message. */
  private drop(message: PushMessage, tick: number): void {
    if (isCounted(this.world.window, tick)) this.dropped += 1;
    this.messages.release(message);
  }

  /** A message finds its device out of reach: the push service keeps it until `until`, if its TTL allows (RFC 8030 section 5.2). */
  private store(message: PushMessage, tick: number, until: number): void {
    const { device, place, topic } = message;
    if (until > message.expiresAt) {
      this.drop(message, tick);
      return;
    }
    const kept = this.stored.get(device) ?? [];
    // A newer message of the topic replaces the one that is kept (RFC 8030 section 5.4).
    const older = topic ? kept.findIndex((other) => other.topic && other.place === place) : -1;
    if (older >= 0) this.replace(kept, older, tick);
    if (kept.length >= this.routeOf(device).mostStored) this.replace(kept, 0, tick);
    kept.push(message);
    this.stored.set(device, kept);
    this.world.queue.push(until, device, eventCode(eventKinds.pushed, message.slot));
  }

  private replace(kept: PushMessage[], index: number, tick: number): void {
    for (const message of kept.splice(index, 1)) message.replaced = true;
    if (isCounted(this.world.window, tick)) this.dropped += 1;
  }

  /** A message reaches the network of its device at `tick`. */
  arrive(slot: number, tick: number): void {
    const { world } = this;
    const message = this.messages.at(slot);
    if (message.replaced) {
      this.messages.release(message);
      return;
    }
    const { device } = message;
    this.unstore(message);
    const reachable = world.whereaboutsOf(device).pushAt(device, tick, message.urgency);
    if (reachable > tick) {
      this.store(message, tick, reachable);
      return;
    }
    const through = this.airtime.getsThrough(device, world.kindOf(device), tick);
    if (through > tick) {
      this.store(message, tick, through);
      return;
    }
    const kept = this.connections?.keeps(message) ?? 'no';
    if (kept === 'replacing' && isCounted(world.window, tick)) this.dropped += 1;
    if (kept === 'no') this.deliver(message, tick);
  }

  private unstore({ device, slot }: PushMessage): void {
    const kept = this.stored.get(device);
    const index = kept?.findIndex((other) => other.slot === slot) ?? -1;
    if (index >= 0) kept?.splice(index, 1);
    if (kept?.length === 0) this.stored.delete(device);
  }

  private deliver(message: PushMessage, tick: number): void {
    const { world, airtime } = this;
    const { device, place, version } = message;
    const kind = world.kindOf(device);
    const { up, down } = world.spec.wire.pushToDevice;
    const paged = airtime.heard(device, kind, tick);
    const end = airtime.small(device, kind, paged, up, down);
    world.traffic.bytes(tick, pushCause, up, down);
    if (isCounted(world.window, tick)) this.delivered += 1;
    const known = (world.known[world.firstSubscriptionOf(device) + place] ?? 0) >= version;
    this.messages.release(message);
    this.contacts.pushed(device, kind, end, place, known);
  }

  totals(): PushTotals {
    return {
      sent: this.sent,
      merged: this.merged,
      delivered: this.delivered,
      dropped: this.dropped,
      failed: this.failed,
    };
  }
}
