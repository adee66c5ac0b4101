import { histogramQuantile, mergeHistograms, simulate, type RunSpec } from '../../sim/index.ts';

/** What one change does that everybody who sees its collection is told of at once. */
export interface Herd {
  /** Devices that learn of it. */
  readonly devices: number;
  /** From the change until the last of them has it, ms, on a server with nothing else to do and in the highest hour. */
  readonly drainMs: number;
  readonly drainAtPeakMs: number;
  /** The longest that a request waits and is served, ms, and how many requests stand before it then. */
  readonly responseMs: number;
  readonly backlog: number;
}

const changeAtMs = 1000;
const watchedMs = 600_000;

/**
 * Simulates one change in the most shared collection. `peakLoad` is the share of the workers that the highest hour
 * takes, which leaves the herd the rest. Undefined where nobody else learns of a change by push.
 */
export function herdAfterPush(spec: RunSpec, peakLoad: number): Herd | undefined {
  const widest = spec.collectionGroups.reduce<number>((most, group, index, all) => {
    return group.members > (all[most]?.members ?? 0) ? index : most;
  }, 0);
  const record = simulate({
    ...spec,
    durationMs: watchedMs,
    warmUpMs: 0,
    users: Math.min(spec.users, Math.max(1, spec.collectionGroups[widest]?.members ?? 1)),
    deviceGroups: spec.deviceGroups.map(({ connectivity: _, os: __, usage: ___, ...group }) => group),
    collectionGroups: spec.collectionGroups.map((group, index) => ({
      ...group,
      writer: 'external' as const,
      changes: { kind: 'trace' as const, atMs: index === widest ? [[changeAtMs]] : [] },
    })),
  });
  const { seen, seenLate } = record.ledger;
  if (record.push.sent === 0 || seen === 0 || seen === seenLate) return undefined;
  const staleness = mergeHistograms(Object.values(record.staleness));
  // What push alone brings: the messages that are lost are made up for by polls, which are no herd.
  const drainMs = histogramQuantile(staleness, Math.min(1, record.push.delivered / seen));
  const responseMs = record.server.responseMs.max;
  const serviceMs = record.server.busyMs / Math.max(1, record.server.requests);
  return {
    devices: seen,
    drainMs,
    drainAtPeakMs: drainMs / Math.max(1e-9, 1 - peakLoad),
    responseMs,
    backlog: Math.round((responseMs / serviceMs) * spec.server.workers),
  };
}
