import { busyUntil, row, scheduledAt } from '../device/index.ts';
import { requestKinds } from '../spec.ts';
import type { Agenda } from './agenda.ts';
import { areBrief, BriefExchanges } from './brief-exchanges.ts';
import { Contact } from './contact.ts';
import type { DeviceKind } from './device-kind.ts';
import type { Learning } from './learning.ts';
import type { SmallQueue } from './small-queue.ts';
import { kindIndex } from './traffic.ts';
import type { World } from './world.ts';

const syncToken = kindIndex('sync-token');
const list = kindIndex('list');
const multiget = kindIndex('multiget');

/**
 * Contacts to one collection that bring news, in one step instead of one a request: where nothing is drawn, nobody
 * waits for the server and nothing else happens to the part of the fleet meanwhile. Any other contact is declined and
 * takes the long way. Both ways give the same record.
 */
export class BriefContacts {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly learning: Learning;
  private readonly queue: SmallQueue;
  private readonly exchanges: BriefExchanges;
  private readonly brief: ReadonlySet<DeviceKind>;
  /** What the contact at hand asks and finds. */
  private readonly asked: Contact;

  constructor(world: World, agenda: Agenda, learning: Learning, queue: SmallQueue) {
    this.world = world;
    this.agenda = agenda;
    this.learning = learning;
    this.queue = queue;
    this.exchanges = new BriefExchanges(world);
    const [first] = world.kinds;
    if (first === undefined) throw new RangeError('a fleet has device groups');
    this.asked = new Contact(-1, first);
    this.brief = new Set(
      world.kinds.filter(
        (kind) =>
          kind.firstRequest === syncToken &&
          !kind.inline &&
          areBrief(kind, world, ['sync-token', requestKinds[kind.report] ?? 'list', 'multiget']),
      ),
    );
  }

  /** Makes the contact of a device whose first request reaches the server now; false when it is none of this kind. */
  run(device: number, kind: DeviceKind): boolean {
    const { world, exchanges, learning, asked, queue } = this;
    const { times } = world.devices;
    if (!this.brief.has(kind) || world.subscriptionsOf(device) !== 1) return false;
    const at = row(device);
    const start = times[at + scheduledAt] ?? 0;
    const previousEnd = times[at + busyUntil] ?? 0;
    if (start < previousEnd || !exchanges.begin(device, kind, start)) return false;
    if (exchanges.send(kind, syncToken, 0, 0) !== queue.tick) return false;
    exchanges.receive(kind, 0);
    asked.device = device;
    asked.place = 0;
    asked.previousEnd = previousEnd;
    asked.sizes.length = 0;
    if (!learning.isNews(asked, queue.tick)) return false;
    const reported = exchanges.send(kind, kind.report, 0, 0);
    const listed = learning.report(asked, reported);
    exchanges.receive(kind, 0, kind.report === list ? learning.objectsIn(asked) : listed);
    const fetched = asked.sizes.length;
    if (fetched > kind.batch) return false;
    if (fetched > 0) {
      exchanges.send(kind, multiget, fetched, 0);
      exchanges.receive(kind, sumOf(asked.sizes));
    }
    if (exchanges.now > world.window.to || exchanges.now >= queue.headTick) return false;
    exchanges.settle(device, kind);
    this.finish(device, kind);
    return true;
  }

  private finish(device: number, kind: DeviceKind): void {
    const { times } = this.world.devices;
    const at = row(device);
    const end = this.exchanges.now;
    const learned = this.learning.learn(this.asked, end);
    kind.contacts += 1;
    if (learned === 0) kind.emptyContacts += 1;
    times[at + busyUntil] = end;
    this.agenda.goOn(device, kind, end, learned);
  }
}

function sumOf(sizes: readonly number[]): number {
  let sum = 0;
  for (const size of sizes) sum += size;
  return sum;
}
