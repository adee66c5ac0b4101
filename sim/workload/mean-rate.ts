import { meanOf } from '../kernel/index.ts';
import type { ChangeProcess } from '../spec.ts';

const dayMs = 86_400_000;

/** Mean changes a day that a process brings to one collection; for a recording, of its mean collection over the time it spans. */
export function meanChangesPerDay(process: ChangeProcess): number {
  switch (process.kind) {
    case 'sessions':
      return process.perDay * process.changes;
    case 'renewal':
      return dayMs / meanOf(process.gapMs);
    case 'bursts':
      return process.perDay * meanOf(process.size);
    case 'invitations':
      return process.perDay * (1 + 2 * Math.max(0, meanOf(process.attendees) - 1));
    case 'scheduling': {
      const others = Math.max(0, meanOf(process.attendees) - 1);
      // Squares of the mean: exact for events of one size only, and those too large to be refreshed count too.
      return process.perDay * (1 + 3 * others + others * Math.max(0, others - 1));
    }
    case 'trace': {
      const instants = process.atMs.flat();
      const spanMs = instants.reduce((latest, atMs) => Math.max(latest, atMs), dayMs);
      return ((instants.length / process.atMs.length) * dayMs) / spanMs;
    }
    default:
      return process.perDay;
  }
}
