import type { RunRecord, RunSpec } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';
import { live, type CostFleet, type LivedFleet } from './cost-fleet.ts';
import { inTurns, thereAndBack } from './in-turns.ts';
import { runOn, type WarmRunOptions, type WarmServer } from './run-warm.ts';

/** What is to live on a server: fleets that tell its costs, and points whose runs are compared. */
export interface Stay {
  readonly on: WarmServer;
  readonly costs: readonly CostFleet[];
  readonly points: readonly RunSpec[];
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
 * Lets fleets and points live on their servers, in each round for a share of their time, by turns, and every other round
 * in the opposite order: what a machine is to its server changes by half within the hour (its neighbours, the
 * temperature), and so what is measured and what it is to explain must be of the same minutes. Every round has seeds of its own.
 * @throws DavpulseError as `runLive` does
 */
export async function liveInRounds(stays: readonly Stay[], options: RoundsOptions): Promise<Lived> {
  const { rounds, turnTo, signal, onProgress } = options;
  const costs: LivedFleet[] = [];
  const points = new Map<RunSpec, RunRecord[] | undefined>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { on, ...stay } of thereAndBack(stays, round)) {
      await turnTo(on);
      for (const turn of thereAndBack(inTurns(stay.costs, stay.points), round)) {
        const { label } = 'tells' in turn ? turn.spec : turn;
        onProgress?.(`round ${round + 1} of ${rounds}: ${label}`);
        if ('tells' in turn) {
          costs.push(await live(on, { ...turn, spec: ofRound(turn.spec, round, rounds) }, signal));
          continue;
        }
        const record = await runOn(on, ofRound(turn, round, rounds), options).catch(onlyLag);
        const before = round === 0 ? [] : points.get(turn);
        points.set(turn, record && before && [...before, record]);
      }
    }
  }
  return { costs, points };
}

const ofRound = (spec: RunSpec, round: number, rounds: number): RunSpec => ({
  ...spec,
  seed: spec.seed * rounds + round,
  durationMs: Math.round(spec.durationMs / rounds),
});

/** A run that the generator was too slow for says nothing of the simulator, nor do the others lose by it. */
export function onlyLag(error: unknown): undefined {
  if (error instanceof DavpulseError && error.code === 'DAVPULSE_GENERATOR_LAGGED') return undefined;
  throw error;
}
