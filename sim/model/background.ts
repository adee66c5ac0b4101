import { createSampler, nearest, streamKey, streams, uniform, type Sampler } from '../kernel/index.ts';
import type { OtherTraffic } from '../spec.ts';
import type { World } from './world.ts';

/** Transfers of other apps, device by device: a renewal process for each, drawn as time comes to it. */
export class Background {
  private readonly key: number;
  /** By device, when its next transfer begins, in ticks; and how many it has begun. */
  private readonly nextAt: Float64Array;
  private readonly counts: Uint32Array;
  private readonly samplers = new Map<
    OtherTraffic,
    { readonly gapMs: Sampler; readonly lengthMs: Sampler }
  >();

  constructor(world: World) {
    const { devices } = world.layout;
    this.key = streamKey(world.spec.seed, streams.otherTraffic);
    const some = world.kinds.some(({ group }) => group.otherTraffic !== undefined);
    this.nextAt = new Float64Array(some ? devices : 0).fill(Infinity);
    this.counts = new Uint32Array(some ? devices : 0);
    for (let device = 0; device < this.nextAt.length; device += 1) {
      const { otherTraffic } = world.kindOf(device).group;
      if (otherTraffic === undefined) continue;
      // The run begins somewhere in a gap.
      const gap = this.draw(otherTraffic).gapMs(this.key, device, 0);
      this.nextAt[device] = nearest(gap * uniform(this.key, device, 1) * 1000);
    }
  }

  /** When the next transfer of a device begins; `Infinity` for never. */
  next(device: number): number {
    return this.nextAt[device] ?? Infinity;
  }

  /** Goes on to the transfer after the next one; returns how long that one takes, in ticks. */
  take(device: number, traffic: OtherTraffic): number {
    const { gapMs, lengthMs } = this.draw(traffic);
    const count = (this.counts[device] ?? 0) + 1;
    this.counts[device] = count;
    const gap = Math.max(1, nearest(gapMs(this.key, device, 2 * count) * 1000));
    this.nextAt[device] = this.next(device) + gap;
    return nearest(lengthMs(this.key, device, 2 * count + 1) * 1000);
  }

  private draw(traffic: OtherTraffic): { readonly gapMs: Sampler; readonly lengthMs: Sampler } {
    const known = this.samplers.get(traffic);
    if (known !== undefined) return known;
    const made = { gapMs: createSampler(traffic.gapMs), lengthMs: createSampler(traffic.lengthMs) };
    this.samplers.set(traffic, made);
    return made;
  }
}
