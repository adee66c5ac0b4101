import type { RunRecord, RunSpec } from '../../sim/index.ts';
import { live, together, type CostFleet, type LivedFleet, type Visit } from './cost-fleet.ts';
import { inDrawnOrder } from './drawn-order.ts';
import type { FleetNearSaturation } from './near-saturation.ts';
import { onlyLag } from './only-lag.ts';
import { runOn, type WarmRunOptions, type WarmServer } from './run-warm.ts';
import { spreadCollections } from './spread-collections.ts';
import { levelsOf, tookOf, usual } from './usual.ts';

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

/** What has lived, without what was far from usual for its round on its server, and prices with the same share of what collecting its heap took. */
function soFar(
  stays: readonly Stay[],
  visits: ReadonlyMap<CostFleet, readonly Visit[]>,
  points: ReadonlyMap<RunSpec, readonly RunRecord[] | undefined>,
): Lived {
  const lived = stays.map((stay) => {
    const costs = stay.costs.map((fleet) => ({ fleet, all: visits.get(fleet) ?? [] }));
    const runs = stay.points.map(({ spec }) => ({ spec, all: points.get(spec) }));
    const levels = levelsOf([
      ...costs.map(({ all }) => all),
      ...runs.flatMap(({ all }) => (all ? [all.map(tookOf)] : [])),
    ]);
    const visited = spreadCollections(costs.map(({ all }) => usual(all, levels, (visit) => visit)));
    return {
      costs: costs.map(({ fleet }, index) => together(fleet, visited[index] ?? [])),
      points: runs.map(({ spec, all }) => [spec, all && usual(all, levels, tookOf)] as const),
    };
  });
  return {
    costs: lived.flatMap(({ costs }) => costs),
    points: new Map(lived.flatMap((stay) => stay.points)),
  };
}

const ofRound = (spec: RunSpec, round: number, rounds: number): RunSpec => ({
  ...spec,
  seed: spec.seed * rounds + round,
  layoutSeed: spec.seed,
  durationMs: Math.round(spec.durationMs / rounds),
});
