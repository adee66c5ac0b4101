import { newTable } from '../report/index.ts';
import { estimateContacts } from '../run/index.ts';
import type { PlannedRun } from '../scenario/index.ts';

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What a study would run: a line for each point of the sweep and backend. */
export function planTable(runs: readonly PlannedRun[]): string {
  const table = newTable(['scenario', 'backend', 'point', 'seeds', 'devices', 'contacts a run, about']);
  const points = Map.groupBy(runs, ({ backend, spec }) =>
    JSON.stringify([spec.scenario, backend, spec.label]),
  );
  for (const [first, ...others] of points.values()) {
    if (first === undefined) continue;
    const { backend, spec } = first;
    const devices = spec.deviceGroups.reduce((sum, { perUser }) => sum + Math.floor(spec.users * perUser), 0);
    const seeds = [first, ...others].map((run) => run.spec.seed).join(' ');
    table.push([
      spec.scenario,
      backend,
      spec.label,
      seeds,
      number.format(devices),
      number.format(estimateContacts(spec)),
    ]);
  }
  return table.toString();
}
