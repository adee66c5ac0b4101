import type { RunRecord } from '../../sim/index.ts';

/** What a study says of its own speed and memory. */
export function speedNotes(
  runs: readonly RunRecord[],
  simulatedForMs: number,
): Readonly<Record<string, string | number>> {
  const simulated = runs.filter(({ backend }) => backend === 'sim');
  if (simulated.length === 0) return {};
  const contacts = simulated.flatMap(({ groups }) => groups).reduce((sum, group) => sum + group.contacts, 0);
  return {
    'modes of simulation': [...new Set(simulated.map(({ mode }) => mode))].join(', '),
    'contacts simulated': contacts,
    'contacts simulated a second, all workers': Math.round((1000 * contacts) / simulatedForMs),
    'peak memory of the process, MiB': Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
