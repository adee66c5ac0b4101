import { createSampler, type Sampler } from '../kernel/index.ts';
import type { PushTotals } from '../metrics/index.ts';
import { PushRoute } from '../network/index.ts';
import { createPushPolicy, type PushMoment, type PushPolicy } from '../policy/index.ts';
import { importances } from '../spec.ts';
import type { Airtime } from './airtime.ts';
import type { Contacts } from './contacts.ts';
import { eventCode, eventKinds } from './event-code.ts';
import type { PushConnections } from './push-connections.ts';
import { causeIndex } from './traffic.ts';
import { isCounted } from './window.ts';
import type { World } from './world.ts';

const pushCause = causeIndex('push');

/** Sends push messages as the policy says, merging what is pending for the same device and collection. */
export class Pushes {
  private readonly world: World;
  private readonly airtime: Airtime;
  private readonly contacts: Contacts;
  private readonly connections: PushConnections | undefined;
  private readonly policy: PushPolicy;
  private readonly route: PushRoute;
  private readonly encryptMs: Sampler;
  private readonly dueAt: Float64Array;
  private readonly firstAt: Float64Array;
  private readonly sentAt: Float64Array;
  private readonly importance: Uint8Array;
  /** Until when the push service keeps a message for the subscription. */
  private readonly storedUntil: Float64Array;
  private readonly moment: PushMoment = {
    now: 0,
    importance: 'low',
    firstAt: 0,
    dueAt: NaN,
    lastSentAt: -Infinity,
    rank: 0,
  };
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
    this.route = new PushRoute(spec.pushService, world.layout.devices);
    this.encryptMs = createSampler(spec.server.pushMs);
    const subscriptions = world.kinds.some((kind) => kind.pushed) ? world.known.length : 0;
    this.dueAt = new Float64Array(subscriptions).fill(NaN);
    this.firstAt = new Float64Array(subscriptions);
    this.sentAt = new Float64Array(subscriptions).fill(-Infinity);
    this.importance = new Uint8Array(subscriptions);
    const away = world.kinds.some(({ connectivity }) => connectivity !== undefined);
    this.storedUntil = new Float64Array(away ? subscriptions : 0);
  }

  /** A change was committed at `tick` that the device must learn of; `rank` counts the subscriptions it concerns. */
  offer(device: number, place: number, importance: number, tick: number, rank: number): void {
    const { moment, world } = this;
    const subscription = (world.firstSubscription[device] ?? 0) + place;
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
    const answer = Math.max(tick, Math.round(this.policy.due(moment) * 1000));
    if (opens && answer === Infinity) return;
    if (opens) this.firstAt[subscription] = tick;
    else if (isCounted(world.window, tick)) this.merged += 1;
    this.importance[subscription] = highest;
    if (answer === due) return;
    this.dueAt[subscription] = answer;
    if (answer !== Infinity) world.queue.push(answer, device, eventCode(eventKinds.send, place));
  }

  /** Sends the message that is due at `tick`, if it has not been moved. */
  send(device: number, place: number, tick: number): void {
    const { world } = this;
    const subscription = (world.firstSubscription[device] ?? 0) + place;
    if (this.dueAt[subscription] !== tick) return;
    const up = world.guard?.availability.upAt(tick) ?? tick;
    if (up > tick) {
      this.dueAt[subscription] = up;
      world.queue.push(up, device, eventCode(eventKinds.send, place));
      return;
    }
    this.dueAt[subscription] = NaN;
    this.sentAt[subscription] = tick;
    const counted = isCounted(world.window, tick);
    if (counted) this.sent += 1;
    const draw = world.nextDraw(device);
    const work = Math.round(this.encryptMs(world.keys.pushService, device, draw) * 1000);
    const accepted = world.guard?.work(tick, work) ?? world.server.serve(tick, work);
    world.traffic.push(tick, work);
    const taken = this.route.acceptedAt(accepted);
    if (taken > accepted && counted) this.failed += 1;
    const arrival = taken === Infinity ? Infinity : this.route.arrivesAt(device, taken, world.keys, draw);
    if (arrival === Infinity) {
      if (counted) this.dropped += 1;
    } else {
      world.queue.push(arrival, device, eventCode(eventKinds.pushed, place));
    }
  }

  /** A message finds its device away: the push service keeps it until then, for the time its TTL allows (RFC 8030 section 5.2). */
  private store(device: number, place: number, tick: number, online: number): void {
    const { world } = this;
    const subscription = (world.firstSubscription[device] ?? 0) + place;
    const { ttlSeconds, topic } = this.policy.message(
      importances[this.importance[subscription] ?? 0] ?? 'low',
    );
    // A newer message of the topic replaces the one that is kept (RFC 8030 section 5.4).
    const replaces = topic && (this.storedUntil[subscription] ?? 0) > tick;
    if (replaces || online - tick > ttlSeconds * 1e6) {
      if (isCounted(world.window, tick)) this.dropped += 1;
      return;
    }
    this.storedUntil[subscription] = online;
    world.queue.push(online, device, eventCode(eventKinds.pushed, place));
  }

  /** A message reaches the network of the device at `tick`. */
  arrive(device: number, place: number, tick: number): void {
    const { world, airtime } = this;
    const online = world.onlineAt(device, tick);
    if (online > tick) {
      this.store(device, place, tick, online);
      return;
    }
    const kept = this.connections?.keeps(device, place) ?? 'no';
    if (kept === 'replaced' && isCounted(world.window, tick)) this.dropped += 1;
    if (kept !== 'no') return;
    const kind = world.kindOf(device);
    const { up, down } = world.spec.wire.pushToDevice;
    const paged = airtime.isIdle(device, kind, tick)
      ? tick + Math.round(kind.pagingMs(world.keys.paging, device, world.nextDraw(device)) * 1000)
      : tick;
    const end = airtime.small(device, kind, paged, up, down);
    world.traffic.bytes(tick, pushCause, up, down);
    if (isCounted(world.window, tick)) this.delivered += 1;
    this.contacts.pushed(device, kind, end);
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
