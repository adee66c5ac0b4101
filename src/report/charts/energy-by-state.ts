import { estimate } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { drawComposition } from './composition.ts';

const dayMs = 86_400_000;
const states = ['promotion', 'active', 'tail'] as const;

export const energyByState: Chart = {
  id: 'energy',
  title: 'What the energy is spent on',
  caption:
    'Energy of the radio above its idle floor, per device and day; the total stands beside each bar. Promotion: waking the radio. Active: moving bytes. Tail: staying awake afterwards.',
  draw: ({ shown }) =>
    drawComposition(
      shown.flatMap(({ label, runs }) =>
        states.map((part) => ({
          label,
          part,
          amount: estimate(
            runs.map((run) => {
              const sum = run.groups.reduce((joules, { energyJ }) => joules + energyJ[part], 0);
              return (sum * dayMs) / (run.devices * run.countedMs);
            }),
          ).mean,
        })),
      ),
      { unit: 'J/device-day', axisTitle: 'Share of sync energy', partTitle: 'State' },
    ),
};
