import type { RadioSpec } from '../spec.ts';

/** The timers of a radio in ticks (microseconds). */
export interface TailShape {
  /** When each stage of the tail ends, after the last activity. */
  readonly ends: Float64Array;
  readonly total: number;
  /** How long a radio stays awake after its last activity; `Infinity` for one that never sleeps. */
  readonly awakeTicks: number;
  /** From idle to active. */
  readonly promotionTicks: number;
  /** From each stage to active. */
  readonly stagePromotions: Float64Array;
  /** Some stage has a promotion of its own. */
  readonly staged: boolean;
}

export function tailShape({ tail, promotion }: RadioSpec): TailShape {
  const ends = new Float64Array(tail.length);
  let total = 0;
  for (const [stage, { ms }] of tail.entries()) {
    total += Math.round(ms * 1000);
    ends[stage] = total;
  }
  const promotionTicks = Math.round(promotion.ms * 1000);
  const stagePromotions = Float64Array.from(tail, (stage) => Math.round((stage.promotion?.ms ?? 0) * 1000));
  return {
    ends,
    total,
    awakeTicks: total > 0 || promotionTicks > 0 ? total : Infinity,
    promotionTicks,
    stagePromotions,
    staged: stagePromotions.some((ticks) => ticks > 0),
  };
}
