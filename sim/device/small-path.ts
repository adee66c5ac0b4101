import type { RadioSpec, SmallTransfers } from '../spec.ts';

/** How transfers up to a size pass without making the radio active, in numbers that the accounting works with. */
export interface SmallPath {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The stage of the tail that they pass in. */
  readonly stage: number;
  readonly promotionTicks: number;
  readonly restarts: boolean;
}

/**
 * The small path of each stage of the tail, and of idle behind them; `undefined` where there is none.
 * @throws RangeError when one passes in a stage that is not there, or that comes later.
 */
export function smallPaths({ tail, idleCarries }: RadioSpec): readonly (SmallPath | undefined)[] {
  const pathOf = (from: number, carries: (SmallTransfers & { restartsTimer?: boolean }) | undefined) => {
    if (carries === undefined) return undefined;
    const stage = carries.in === undefined ? from : tail.findIndex(({ name }) => name === carries.in);
    if (stage < 0 || stage > from || stage === tail.length) {
      throw new RangeError(`small transfers pass in ${carries.in}, which is no state before or at their own`);
    }
    return {
      bytesUp: carries.bytesUp,
      bytesDown: carries.bytesDown,
      stage,
      promotionTicks: Math.round((carries.promotion?.ms ?? 0) * 1000),
      restarts: carries.restartsTimer ?? true,
    };
  };
  return [...tail.map(({ carries }, stage) => pathOf(stage, carries)), pathOf(tail.length, idleCarries)];
}

/** Watts of the promotions of `smallPaths`, in its order. */
export const smallPromotionWatts = ({ tail, idleCarries }: RadioSpec): readonly number[] =>
  [...tail.map(({ carries }) => carries), idleCarries].map((carries) => carries?.promotion?.watts ?? 0);
