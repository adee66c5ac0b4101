import { sumOf } from './sum-of.ts';

/**
 * From visit to visit of 33 fleets, levels of rounds apart, what a request took differed by a tenth where the server was busy,
 * and by as much as makes 30 ms of a visit where it was not: something that comes with a visit, however little it does.
 */
const differing = { share: 0.1, ms: 30 } as const;

/** How far a fleet counts whose error is relative, 1 for one that keeps its server busy: the inverse of how far its visits differ. */
export function weightOf(visits: readonly { readonly busyMs: number }[]): number {
  const { share, ms } = differing;
  const meanMs = sumOf(visits, ({ busyMs }) => busyMs) / visits.length;
  return share / Math.hypot(share, ms / meanMs);
}
