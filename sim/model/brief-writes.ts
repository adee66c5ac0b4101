import type { Agenda } from './agenda.ts';
import { areBrief, BriefExchanges } from './brief-exchanges.ts';
import type { DeviceKind } from './device-kind.ts';
import type { SmallQueue } from './small-queue.ts';
import type { World } from './world.ts';

/** Writes in one step, where nothing else happens to the part of the fleet until the device has its answer. */
export class BriefWrites {
  private readonly world: World;
  private readonly agenda: Agenda;
  private readonly queue: SmallQueue;
  private readonly exchanges: BriefExchanges;
  private readonly brief: ReadonlySet<DeviceKind>;
  /** When the write made last reached the server. */
  arrival = 0;

  constructor(world: World, agenda: Agenda, queue: SmallQueue) {
    this.world = world;
    this.agenda = agenda;
    this.queue = queue;
    this.exchanges = new BriefExchanges(world);
    this.brief = new Set(world.kinds.filter((kind) => areBrief(kind, world, ['put', 'delete'])));
  }

  /** Has a device write at `tick`; returns when the server has the change, `NaN` when the write has to go the long way. */
  run(device: number, kind: DeviceKind, tick: number, request: number, bodyUp: number): number {
    const { agenda, exchanges, queue, world } = this;
    if (!this.brief.has(kind) || !exchanges.begin(device, kind, tick)) return NaN;
    const arrival = exchanges.send(kind, request, 1, bodyUp);
    const done = exchanges.receive(kind, 0);
    const { now } = exchanges;
    if (now > world.window.to || now >= queue.headTick || now >= agenda.dueAt(device)) return NaN;
    exchanges.settle(device, kind);
    this.arrival = arrival;
    return done;
  }
}
