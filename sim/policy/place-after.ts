import type { SyncMoment } from './sync-policy.ts';

/** The next place of a schedule without drift; places that passed during a long contact are skipped. */
export function placeAfter(
  { scheduled, now }: Pick<SyncMoment, 'scheduled' | 'now'>,
  intervalMs: number,
): number {
  const next = scheduled + intervalMs;
  return next > now ? next : scheduled + intervalMs * (Math.floor((now - scheduled) / intervalMs) + 1);
}
