import { histogramQuantile, importances, mergeHistograms, type HistogramData } from '../../../sim/index.ts';
import { allStaleness } from '../../results/index.ts';
import type { Chart, Drawing } from '../chart.ts';
import { familyOf, type Family } from '../family.ts';
import { formatValue } from '../format.ts';
import { durationAxis } from './axes.ts';
import { familyColour } from './family-colour.ts';
import { policyAxis, policyHeight } from './policy-axis.ts';

/** A logarithmic axis has no zero; nothing arrives in less than this anyway. */
const floorMs = 1;
const milliseconds = (value: number | string | boolean): string => formatValue('ms', Number(value));

const quantiles = [
  ['p5', 0.05],
  ['p25', 0.25],
  ['p50', 0.5],
  ['p75', 0.75],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

interface Line {
  readonly label: string;
  readonly family: Family;
  readonly staleness: HistogramData;
}

function rowOf({ label, family, staleness }: Line) {
  const at = (q: number): number => Math.max(floorMs, histogramQuantile(staleness, q));
  return {
    label,
    family,
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p99: at(0.99),
    ...Object.fromEntries(quantiles.map(([name, q]) => [`${name}Text`, milliseconds(at(q))])),
    pairs: staleness.count,
  };
}

const bar = (from: string, to: string, size: number, opacity: number) => ({
  mark: { type: 'bar' as const, size, opacity, cornerRadius: size / 2 },
  encoding: { x: { field: from, type: 'quantitative' as const }, x2: { field: to }, color: familyColour },
});

function drawQuantiles(lines: readonly Line[]): Drawing | undefined {
  const rows = lines.filter(({ staleness }) => staleness.count > 0).map(rowOf);
  if (rows.length === 0) return undefined;
  return {
    rows,
    columns: [
      { field: 'label', title: 'Policy' },
      ...quantiles.map(([name]) => ({ field: `${name}Text`, title: name })),
      { field: 'pairs', title: 'Changes × devices', format: (value) => formatValue('count', Number(value)) },
    ],
    alternative: `Ranges of staleness, ${rows.length} in number. ${rows
      .map(({ label, p50, p95 }) => `${label}: median ${milliseconds(p50)}, 95 % within ${milliseconds(p95)}`)
      .join('; ')}.`,
    spec: {
      height: policyHeight(rows.length),
      encoding: {
        y: policyAxis(rows),
        x: {
          type: 'quantitative',
          scale: { type: 'log', nice: false, padding: 14 },
          axis: { ...durationAxis, title: 'Staleness' },
        },
        tooltip: [
          { field: 'label', title: 'Policy' },
          ...quantiles.map(([name]) => ({ field: `${name}Text`, title: name })),
        ],
      },
      layer: [
        bar('p5', 'p95', 5, 0.35),
        bar('p25', 'p75', 13, 0.75),
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1, strokeWidth: 1.5, stroke: 'white' },
          encoding: { x: { field: 'p50', type: 'quantitative' }, color: familyColour },
        },
      ],
    },
  };
}

const howToRead =
  'The thin bar holds 90 % of all (change, device) pairs, the thick one half of them, the mark is the median. Logarithmic.';

export const stalenessQuantiles: Chart = {
  id: 'staleness',
  title: 'How stale each policy leaves people',
  caption: `Time from a change to a device having it. ${howToRead}`,
  draw: ({ shown }) =>
    drawQuantiles(
      shown.map((point) => ({
        label: point.label,
        family: familyOf(point),
        staleness: mergeHistograms(point.runs.map(allStaleness)),
      })),
    ),
};

export const stalenessByImportance: Chart = {
  id: 'staleness-by-importance',
  title: 'Staleness by importance',
  caption: `The same, apart for changes that matter soon, ordinary ones and those that can wait. ${howToRead}`,
  draw({ shown }) {
    const lines = shown.flatMap((point) =>
      importances.map((importance) => ({
        label: `${point.label}: ${importance}`,
        family: familyOf(point),
        staleness: mergeHistograms(point.runs.map((run) => run.staleness[importance])),
      })),
    );
    const kinds = new Set(
      lines.filter(({ staleness }) => staleness.count > 0).map(({ label }) => label.split(': ').at(-1)),
    );
    return kinds.size < 2 ? undefined : drawQuantiles(lines);
  },
};
