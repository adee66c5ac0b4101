import { simulate, type RunRecord, type RunSpec } from '../../sim/index.ts';
import { loadBetween, peakHourOf, sumOf } from './plan-load.ts';

/** Load of all workers while the push service is dead and after it is back, beside the same hours with it. */
export interface OutageLoad {
  readonly during: number;
  readonly after: number;
  readonly duringWithout: number;
  readonly afterWithout: number;
}

/** Kills the push service in the highest hour of `base`, and looks at that hour and the next one. */
export function outageLoad(spec: RunSpec, base: RunRecord): OutageLoad {
  const { fromMs, lengthMs } = peakHourOf(base);
  const end = fromMs + lengthMs;
  const afterMs = Math.min(end + lengthMs, base.countedMs);
  const record = simulate({
    ...spec,
    pushService: {
      ...spec.pushService,
      outages: [{ fromMs: spec.warmUpMs + fromMs, toMs: spec.warmUpMs + end, lost: false }],
    },
  });
  const load = (of: RunRecord, from: number, to: number): number =>
    from < to ? sumOf(loadBetween(of, from, to)) : NaN;
  return {
    during: load(record, fromMs, end),
    after: load(record, end, afterMs),
    duringWithout: load(base, fromMs, end),
    afterWithout: load(base, end, afterMs),
  };
}
