import {
  createSyncPolicy,
  histogramQuantile,
  mergeHistograms,
  simulate,
  type RunRecord,
  type RunSpec,
} from '../../sim/index.ts';
import { withRate } from './with-rate.ts';

/** At one rate of changes: how seldom polls must be to be as dear to the server as push, and what that does. */
export interface BreakEven {
  /** Against the scenario's own rate. */
  readonly rate: number;
  /** Polls with this interval take as much of the server's time as push does; outside of the range tried, its end. */
  readonly intervalMs: number;
  readonly beyondRange: boolean;
  /** Median age at which a device learns of a change: by push, and by such polls. */
  readonly pushStalenessMs: number;
  readonly pollStalenessMs: number;
}

const rates = [0.25, 1, 4] as const;
const enoughUsers = 300;
const minuteMs = 60_000;
const intervalsMs = [1, 4, 15, 60, 240, 960].map((minutes) => minutes * minuteMs);

/** Whether the scenario has push at all. */
export const hasPush = ({ pushPolicy, deviceGroups }: RunSpec): boolean =>
  pushPolicy.kind !== 'off' && deviceGroups.some(({ syncPolicy }) => createSyncPolicy(syncPolicy).usesPush);

/** The same devices with push, where the scenario has none: a window of 3 s and a safety poll each 4 h. */
const withPush = (spec: RunSpec): RunSpec =>
  hasPush(spec)
    ? spec
    : {
        ...spec,
        pushPolicy: { kind: 'window', windowMs: 3000, ttlSeconds: 86_400, topic: 1 },
        deviceGroups: spec.deviceGroups.map((group) => ({
          ...group,
          syncPolicy: { kind: 'hybrid', safetyIntervalMs: 4 * 60 * minuteMs, spreadMs: 0 },
        })),
      };

const polling = (spec: RunSpec, intervalMs: number): RunSpec => ({
  ...spec,
  pushPolicy: { kind: 'off' },
  deviceGroups: spec.deviceGroups.map((group) => ({ ...group, syncPolicy: { kind: 'fixed', intervalMs } })),
});

/** The break-even of polls against push over rates of changes, by the work of the server. */
export function breakEvens(spec: RunSpec): BreakEven[] {
  const widest = Math.max(...spec.collectionGroups.map(({ members }) => members));
  // Work by device does not depend on how many devices there are beyond those that share.
  const sample = { ...spec, users: Math.min(spec.users, Math.max(enoughUsers, 4 * widest)) };
  return rates.flatMap((rate) => breakEvenAt(withRate(sample, rate), rate) ?? []);
}

function breakEvenAt(spec: RunSpec, rate: number): BreakEven | undefined {
  const pushed = simulate(withPush(spec));
  const wanted = workOf(pushed);
  if (!(wanted > 0)) return undefined;
  const tried = intervalsMs
    .filter((intervalMs) => intervalMs <= spec.durationMs)
    .map((intervalMs) => ({
      intervalMs,
      work: workOf(simulate(polling(spec, intervalMs), { mode: 'auto' })),
    }));
  const intervalMs = crossing(tried, wanted);
  if (intervalMs === undefined) return undefined;
  return {
    rate,
    intervalMs,
    beyondRange: intervalMs === tried[0]?.intervalMs || intervalMs === tried.at(-1)?.intervalMs,
    pushStalenessMs: medianStaleness(pushed),
    pollStalenessMs: medianStaleness(simulate(polling(spec, Math.round(intervalMs)))),
  };
}

/** Work of the server for each device and ms. */
const workOf = ({ server, devices, countedMs }: RunRecord): number => server.busyMs / (devices * countedMs);

const medianStaleness = ({ staleness }: RunRecord): number =>
  histogramQuantile(mergeHistograms(Object.values(staleness)), 0.5);

/** Where the work falls to what is wanted, between two intervals by the logarithms of both. */
function crossing(
  tried: readonly { readonly intervalMs: number; readonly work: number }[],
  wanted: number,
): number | undefined {
  const next = tried.findIndex(({ work }) => work <= wanted);
  if (next <= 0) return tried.at(next)?.intervalMs;
  const [dear, cheap] = [tried[next - 1], tried[next]];
  if (dear === undefined || cheap === undefined) return undefined;
  const share = Math.log(dear.work / wanted) / Math.log(dear.work / cheap.work);
  return dear.intervalMs * (cheap.intervalMs / dear.intervalMs) ** share;
}
