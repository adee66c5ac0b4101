import type { RunRecord, RunSpec } from '../../sim/index.ts';
import {
  cameOf,
  live,
  together,
  type Came,
  type CostFleet,
  type LivedFleet,
  type Visit,
} from './cost-fleet.ts';
import { inDrawnOrder } from './drawn-order.ts';
import type { FleetNearSaturation } from './near-saturation.ts';
import { onlyLag } from './only-lag.ts';
import { runOn, type WarmRunOptions, type WarmServer } from './run-warm.ts';
import { spreadCollections } from './spread-collections.ts';
import { levelsOf, usual } from './usual.ts';

/** What is to live on a server: fleets that tell its costs, and points whose runs are compared. */
export interface Stay {
  readonly on: WarmServer;
  readonly costs: readonly CostFleet[];
  readonly points: readonly Point[];
}

/** A fleet whose runs are compared, and what sets its pace if it is to be near saturation. */
export interface Point {
  readonly spec: RunSpec;
  readonly nearSaturation?: FleetNearSaturation | undefined;
}

/** What lived. A point's runs are `undefined` when the generator was too slow for one. */
export interface Lived {
  readonly costs: readonly LivedFleet[];
  readonly points: ReadonlyMap<RunSpec, readonly RunRecord[] | undefined>;
}

export interface RoundsOptions extends WarmRunOptions {
  readonly rounds: number;
  /** Readies a server that waited while another was at work. */
  readonly turnTo: (on: WarmServer) => Promise<void>;
  readonly onProgress?: ((doing: string) => void) | undefined;
}

/**
 * Lets fleets and points live on their servers, in each round for a share of their time, in an order that is drawn
 * for each. What a machine is to its server changes by half within the hour (its neighbours, the temperature), and so what is
 * measured and what it is to explain must be of the same minutes; and a calm fleet is dearer after another calm one than
 * after a busy one, as V8 gives up code that is seldom used, so that all must meet the same neighbours. Every round has seeds
 * of its own, but for who is in a fleet, which is set up once. Gives what has lived so far after each.
 * @throws DavpulseError as `runLive` does
 */
export async function* liveInRounds(stays: readonly Stay[], options: RoundsOptions): AsyncGenerator<Lived> {
  const { rounds, turnTo, signal, onProgress } = options;
  const visits = new Map<CostFleet, Visit[]>();
  const points = new Map<RunSpec, RunRecord[] | undefined>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { on, ...stay } of inDrawnOrder(stays, round)) {
      await turnTo(on);
      for (const turn of inDrawnOrder([...stay.costs, ...stay.points], round)) {
        onProgress?.(`round ${round + 1} of ${rounds}: ${turn.spec.label}`);
        const spec = ofRound(turn.spec, round, rounds);
        if ('tells' in turn) {
          const before = visits.get(turn) ?? [];
          visits.set(turn, [...before, await live(on, spec, signal)]);
          continue;
        }
        const run = turn.nearSaturation?.run(spec, options) ?? runOn(on, spec, options);
        const record = await run.catch(onlyLag);
        const before = round === 0 ? [] : points.get(turn.spec);
        points.set(turn.spec, record && before && [...before, record]);
      }
    }
    yield soFar(stays, visits, points);
  }
}

/** A point's run, and what it came to. */
interface Run extends Came {
  readonly record: RunRecord;
}

const runOf = (record: RunRecord): Run => ({ record, ...cameOf(record) });

/** What has lived, without what was far from usual for its round on its server, prices and points each with their share of what collecting its heap took. */
function soFar(
  stays: readonly Stay[],
  visits: ReadonlyMap<CostFleet, readonly Visit[]>,
  points: ReadonlyMap<RunSpec, readonly RunRecord[] | undefined>,
): Lived {
  const lived = stays.map((stay) => {
    const visited = stay.costs.map((fleet) => visits.get(fleet) ?? []);
    const ran = stay.points.map(({ spec }) => points.get(spec)?.map(runOf) ?? []);
    const levels = levelsOf([...visited, ...ran]);
    const costs = visited.map((all) => usual(all, levels));
    const runs = ran.map((all) => usual(all, levels));
    const told = [...costs, ...runs];
    const [costOf, pointOf] = [spreadCollections(costs, told), spreadCollections(runs, told)];
    return {
      costs: stay.costs.map((fleet, index) => together(fleet, costs[index]?.map(costOf) ?? [])),
      points: stay.points.map(({ spec }, index) => {
        const records = runs[index]?.map((run) => recordOf(pointOf(run)));
        return [spec, points.get(spec) && records] as const;
      }),
    };
  });
  return {
    costs: lived.flatMap(({ costs }) => costs),
    points: new Map(lived.flatMap((stay) => stay.points)),
  };
}

/** The record of a run that came to what it says. */
const recordOf = ({ record, busyMs, loopMs }: Run): RunRecord => ({
  ...record,
  server: { ...record.server, busyMs, ...(record.server.loopMs !== undefined && { loopMs }) },
});

const ofRound = (spec: RunSpec, round: number, rounds: number): RunSpec => ({
  ...spec,
  seed: spec.seed * rounds + round,
  layoutSeed: spec.seed,
  durationMs: Math.round(spec.durationMs / rounds),
});
