import type { Alone } from './as-measured.ts';
import type { CostFleet, LivedFleet } from './cost-fleet.ts';
import { fitAtPace, type Paced } from './fit-at-pace.ts';
import { inProportion } from './in-proportion.ts';
import { liveInRounds } from './live-in-rounds.ts';
import { pollingFleets } from './polling-fleets.ts';
import { turnsTo } from './rehearse-again.ts';
import type { WarmServer } from './run-warm.ts';
import { messageFleets, newsFleets } from './writing-fleets.ts';

/** Servers of one kind on which fleets can live: one that does not push, as a push policy makes writes dearer, and perhaps one that does. */
export interface FleetServers {
  readonly polled: WarmServer;
  readonly pushed?: WarmServer | undefined;
}

export interface PaceOptions {
  /** The bundled server has one worker, its main thread; of another nobody knows which of its threads are workers. */
  readonly isBundled: boolean;
  /** Time to measure a kind of request, to which that of each fleet is in proportion, ms. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((doing: string) => void) | undefined;
}

/** Nothing is compared with them that lives at the same time, so fewer and longer visits do than where something is. */
const enoughRounds = 6;

/**
 * What setting a fleet up leaves behind must be over before it counts: without that the next second takes up to half as
 * much again. To have the server collect its garbage instead makes them dearer still, as V8 drops compiled code with it.
 */
const warmUpMs = 2000;

/** The fleets that tell what things cost, on the server on which they do. */
export function costFleets(
  { polled, pushed }: FleetServers,
  { times }: Alone,
  { isBundled, budgetMs }: Pick<PaceOptions, 'isBundled' | 'budgetMs'>,
): { readonly polled: CostFleet[]; readonly pushed: CostFleet[] } {
  const warm = (fleets: readonly CostFleet[]): CostFleet[] =>
    fleets.map((fleet) => ({
      ...fleet,
      spec: { ...fleet.spec, warmUpMs: inProportion(warmUpMs, budgetMs) },
    }));
  const aloneMs = times['sync-collection'].cpuMs;
  const polls = pollingFleets(polled, aloneMs, budgetMs);
  if (!isBundled) return { polled: warm(polls), pushed: [] };
  return {
    polled: warm([...polls, ...newsFleets(polled, aloneMs, budgetMs)]),
    pushed: pushed === undefined ? [] : warm(messageFleets(pushed, budgetMs)),
  };
}

/**
 * The same with what things cost at the pace of fleets, which live on the servers for that: idle time, writes, messages,
 * and what of all that the main thread does. @throws DavpulseError when a server refuses or fails
 */
export async function atPaceOfFleets(alone: Alone, on: FleetServers, options: PaceOptions): Promise<Paced> {
  const { signal, budgetMs, onProgress } = options;
  const fleets = costFleets(on, alone, options);
  const stays = [
    { on: on.polled, costs: fleets.polled, points: [] },
    ...(on.pushed === undefined ? [] : [{ on: on.pushed, costs: fleets.pushed, points: [] }]),
  ];
  const inRounds = liveInRounds(stays, {
    rounds: inProportion(enoughRounds, budgetMs),
    turnTo: turnsTo(budgetMs, signal),
    // No points, whose generator might be too slow.
    maxLagMs: Infinity,
    signal,
    onProgress: (doing) => onProgress?.(`what things cost at the pace of fleets, ${doing}`),
  });
  let lived: readonly LivedFleet[] = [];
  for await (const { costs } of inRounds) lived = costs;
  return fitAtPace(alone, lived);
}
