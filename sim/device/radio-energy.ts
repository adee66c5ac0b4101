import type { EnergyCause } from '../metrics/index.ts';
import type { DutyCycle, RadioSpec } from '../spec.ts';
import { smallPromotionWatts } from './small-path.ts';

/** How long radios of one kind were in each state, in ticks (microseconds), and what they carried. */
export interface RadioTimes {
  readonly promotionTicks: number;
  /** Promotions of small transfers that do not make the radio active: from each stage of the tail, and from idle. */
  readonly smallPromotionTicks?: ArrayLike<number>;
  readonly activeTicks: number;
  /** Each stage of the tail, and the promotions that began in it. */
  readonly stages: readonly { readonly ticks: number; readonly promotionTicks: number }[];
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly countedTicks: number;
}

/** Mean power of a state that listens for part of the time. */
const meanWatts = (watts: number, cycle: DutyCycle | undefined): number =>
  cycle === undefined ? watts : watts + ((cycle.onWatts - watts) * cycle.onMs) / cycle.cycleMs;

const megabits = (bytes: number): number => (bytes * 8) / 1e6;

/**
 * Joules above the idle floor by cause, and the floor itself over all the time counted. Power of each state by time,
 * active power growing with throughput, as in the models of ARO and of Huang et al. (MobiSys 2012).
 */
export function radioEnergyJ(radio: RadioSpec, times: RadioTimes): Record<EnergyCause, number> {
  const floor = meanWatts(radio.idleWatts, radio.idleDutyCycle);
  const joules = (ticks: number, watts: number) => (ticks / 1e6) * (watts - floor);
  const energyJ = {
    promotion: joules(times.promotionTicks, radio.promotion.watts),
    active:
      joules(times.activeTicks, radio.active.watts) +
      megabits(times.bytesUp) * radio.active.wattsPerMbpsUp +
      megabits(times.bytesDown) * radio.active.wattsPerMbpsDown,
    tail: 0,
    idle: (times.countedTicks / 1e6) * floor,
  };
  for (const [stage, { watts, dutyCycle, promotion }] of radio.tail.entries()) {
    const { ticks, promotionTicks } = times.stages[stage] ?? { ticks: 0, promotionTicks: 0 };
    energyJ.promotion += joules(promotionTicks, promotion?.watts ?? floor);
    energyJ.tail += joules(ticks, meanWatts(watts, dutyCycle));
  }
  for (const [from, watts] of smallPromotionWatts(radio).entries()) {
    energyJ.promotion += joules(times.smallPromotionTicks?.[from] ?? 0, watts);
  }
  return energyJ;
}
