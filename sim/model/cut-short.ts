import type { Airtime } from './airtime.ts';
import type { Changes } from './changes.ts';
import type { World } from './world.ts';

const secondTicks = 1e6;

interface UnderWay {
  readonly world: World;
  readonly airtime: Airtime;
  readonly changes: Changes;
}

/**
 * Ends the counted time of a run that goes event by event with the first whole second of it that lies behind all that is
 * accounted for, as transfers are before their ends, and leaves out the changes that would follow. The rest of the run
 * is then that of any whose counted time is over, and its record that of a run which was to last for so long, but for
 * the bins of its series. One that is as good as over is left to end. False where none of the counted time is over.
 */
export function cutShort({ world, airtime, changes }: UnderWay): boolean {
  const { from, to } = world.window;
  const over = Math.max(world.queue.tick, airtime.latest(), changes.latest()) - from;
  const tick = from + Math.ceil((over + 1) / secondTicks) * secondTicks;
  if (world.queue.tick <= from) return false;
  if (tick < to) {
    world.endAt(tick);
    changes.endAt(tick);
  }
  return true;
}
