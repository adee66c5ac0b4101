import type { RunRecord } from '../../sim/index.ts';
import { formatTime } from './format-time.ts';

/** What a study says of its own speed and memory. */
export function speedNotes(
  runs: readonly RunRecord[],
  simulatedForMs: number,
): Readonly<Record<string, string | number>> {
  const simulated = runs.filter(({ backend }) => backend === 'sim');
  if (simulated.length === 0) return {};
  const contacts = contactsOf(simulated);
  return {
    'modes of simulation': modesOf(simulated),
    'contacts simulated': contacts,
    'contacts simulated a second, all workers': Math.round((1000 * contacts) / simulatedForMs),
    'peak memory of the process, MiB': peakMemoryMiB(),
  };
}

/** The same in one sentence. */
export function describeSpeed(runs: readonly RunRecord[], simulatedForMs: number): string {
  const simulated = runs.filter(({ backend }) => backend === 'sim');
  const contacts = contactsOf(simulated);
  const rate = ((1000 * contacts) / simulatedForMs).toPrecision(2);
  return `simulated ${contacts.toLocaleString('en')} contacts in ${formatTime(simulatedForMs)} (${Number(rate).toLocaleString('en')} a second), mode ${modesOf(simulated)}, peak memory ${peakMemoryMiB()} MiB`;
}

const contactsOf = (runs: readonly RunRecord[]): number =>
  runs.flatMap(({ groups }) => groups).reduce((sum, group) => sum + group.contacts, 0);

const modesOf = (runs: readonly RunRecord[]): string => [...new Set(runs.map(({ mode }) => mode))].join(', ');

const peakMemoryMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024);
