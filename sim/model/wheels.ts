import type { Elision } from './elision.ts';
import { Wheel } from './wheel.ts';
import type { World } from './world.ts';

/** The wheels of all device groups that poll steadily. */
export class Wheels {
  private readonly world: World;
  private readonly wheels: readonly Wheel[];
  private readonly byGroup: readonly (Wheel | undefined)[];

  /** Made when every device has its first contact scheduled. */
  constructor(world: World, elision: Elision, slow: (device: number) => void) {
    this.world = world;
    const places = new Int32Array(world.layout.devices);
    this.byGroup = world.kinds.map((kind) =>
      kind.periodTicks > 0 ? new Wheel(world, elision, kind, places, slow) : undefined,
    );
    this.wheels = this.byGroup.filter((wheel) => wheel !== undefined);
  }

  join(device: number): boolean {
    return this.wheelOf(device)?.join(device) ?? false;
  }

  leave(device: number): void {
    this.wheelOf(device)?.leave(device);
  }

  /** Serves all requests before (tick, entity); true when the queue has to be looked at again. */
  runUntil(tick: number, entity: number): boolean {
    for (;;) {
      const [first, second] = this.firstTwo();
      if (first === undefined || first.nextTick > tick || first.nextTick === Infinity) return false;
      // One wheel runs until another is due; ties between wheels go by group.
      const until = Math.min(tick, second?.nextTick ?? Infinity);
      const before = first.nextTick;
      if (first.runUntil(until, until === tick ? entity : 0)) return true;
      if (first.nextTick === before && first.runUntil(before, entity)) return true;
      if (first.nextTick === before) return false;
    }
  }

  private firstTwo(): (Wheel | undefined)[] {
    if (this.wheels.length < 2) return [this.wheels[0]];
    return this.wheels.toSorted((a, b) => (a.nextTick < b.nextTick ? -1 : a.nextTick > b.nextTick ? 1 : 0));
  }

  private wheelOf(device: number): Wheel | undefined {
    return this.byGroup[this.world.layout.groupOfDevice[device] ?? 0];
  }
}
