import type { FailureRecord } from '../../../sim/index.ts';
import type { Chart } from '../chart.ts';
import { formatValue } from '../format.ts';
import { palette } from '../style.ts';
import { drawComposition } from './composition.ts';

const dayMs = 86_400_000;

const ends: readonly (readonly [part: string, of: keyof Omit<FailureRecord, 'series'>])[] = [
  ['refused (503)', 'refused'],
  ['timed out', 'timedOut'],
  ['no server there', 'unreachable'],
  ['broken by a restart', 'broken'],
];

export const requestFailures: Chart = {
  id: 'request-failures',
  title: 'Requests without an answer',
  caption:
    'Requests that a device sent in vain, per device and day, by why; how many there are stands beside each bar. Most are tried again.',
  draw({ shown }) {
    const failing = shown.filter(({ runs }) => runs.some(({ failures }) => failures !== undefined));
    const perDay = (label: string, of: keyof Omit<FailureRecord, 'series'>): number => {
      const runs = failing.find((point) => point.label === label)?.runs ?? [];
      const rates = runs.map((run) => ((run.failures?.[of] ?? 0) * dayMs) / (run.devices * run.countedMs));
      return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    };
    return drawComposition(
      failing.flatMap(({ label }) => ends.map(([part, of]) => ({ label, part, amount: perDay(label, of) }))),
      {
        unit: 'count/device-day',
        axisTitle: 'Share of requests without an answer',
        partTitle: 'Why',
        colours: [palette.parts[3], palette.parts[0], palette.parts[5], palette.parts[2]],
        note: (label) =>
          formatValue(
            'count/device-day',
            ends.reduce((sum, [, of]) => sum + perDay(label, of), 0),
          ),
      },
    );
  },
};
