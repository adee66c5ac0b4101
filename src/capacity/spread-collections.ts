import { median } from 'simple-statistics';
import type { Came } from './cost-fleet.ts';
import { sumOf } from './sum-of.ts';
import { sizeOf } from './usual.ts';

type Figure = 'busyMs' | 'loopMs';

/** Fewer collections tell little of what one takes. */
const fewest = 5;

type Visits = readonly (readonly Came[])[];

/**
 * Gives a visit of fleets that lived on one server by turns with what all of theirs took for collections of its whole heap
 * divided among them as its work is. One follows the work of minutes and takes as long as a calm fleet's whole visit: some
 * fleets, always after the same others, met three times their share, and of two that are alike one met two in ten visits,
 * the other five. `told`: all that lived on the server, which tells best what one takes.
 */
export function spreadCollections(
  fleets: Visits,
  told = fleets,
): <Visit extends Came>(visit: Visit) => Visit {
  const [busyMs, loopMs] = [divided(fleets, told, 'busyMs'), divided(fleets, told, 'loopMs')];
  return (visit) => ({ ...visit, busyMs: busyMs(visit), loopMs: loopMs(visit) });
}

/** What a visit comes to in one figure. */
function divided(fleets: Visits, told: Visits, figure: Figure): (visit: Came) => number {
  const eachMs = collectionMs(told, figure);
  const withoutMs = (visit: Came): number => Math.max(0, visit[figure] - eachMs * visit.majorGcs);
  const all = fleets.flat();
  const workMs = sumOf(all, withoutMs);
  const share = workMs > 0 ? sumOf(all, (visit) => visit[figure]) / workMs : 1;
  return (visit) => withoutMs(visit) * share;
}

/** What one takes: in the middle, what visits that met one took more than those of the same fleet that met none. */
function collectionMs(fleets: Visits, figure: Figure): number {
  const moreMs = fleets.flatMap((visits) => {
    const costs = visits
      .filter(({ majorGcs }) => majorGcs === 0)
      .map((visit) => visit[figure] / sizeOf(visit));
    if (costs.length === 0) return [];
    const usual = median(costs);
    return visits
      .filter(({ majorGcs }) => majorGcs > 0)
      .map((visit) => (visit[figure] - usual * sizeOf(visit)) / visit.majorGcs);
  });
  return moreMs.length < fewest ? 0 : Math.max(0, median(moreMs));
}
