import { formatGap, formatValue } from '../report/index.ts';
import { compareBackends, type ResultFile } from '../results/index.ts';
import type { GuideTable } from './chapter.ts';

/** What a study measured by real traffic beside what the simulator says of the same fleet. */
export interface LiveBeside {
  readonly says: string;
  readonly table: GuideTable;
}

/** The live runs of a result beside their simulated twins; undefined for a study without real traffic. */
export function liveBeside(result: ResultFile): LiveBeside | undefined {
  const gaps = compareBackends(result.runs).filter(({ gap }) => Number.isFinite(gap));
  const widest = gaps.toSorted((a, b) => Math.abs(b.gap) - Math.abs(a.gap))[0];
  const live = result.runs.filter(({ backend }) => backend === 'live');
  const [first] = live;
  if (widest === undefined || first === undefined) return undefined;
  const scaled = first.timeScale === 1 ? '' : `, with intervals divided by ${first.timeScale}`;
  return {
    says:
      `${live.length === 1 ? 'One run' : `${live.length} runs`} of ${first.devices} devices over real HTTP against the bundled server, ${formatValue('ms', first.countedMs)} each${scaled}, beside the same fleet and the same changes simulated. ` +
      `The simulation is furthest off in ${widest.metric.title.toLowerCase()} of “${widest.label}”: ${formatGap(widest.gap)}. Energy is modelled in both; all else in the advice is simulated.`,
    table: {
      title: 'Measured beside simulated',
      columns: ['Point', 'Figure', 'Live', 'Simulated', 'Gap'],
      rows: gaps.map(({ label, metric, live: measured, sim, gap }) => [
        label,
        metric.title,
        formatValue(metric.unit, measured.mean),
        formatValue(metric.unit, sim.mean),
        formatGap(gap),
      ]),
    },
  };
}
