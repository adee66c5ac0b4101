import { metricById, valueOf } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { familyOf } from '../family.ts';
import { formatEstimate, formatNumber } from '../format.ts';
import { palette } from '../style.ts';
import { logDomain, powerAxis } from './axes.ts';
import { familyColour } from './family-colour.ts';
import { policyAxis, policyHeight } from './policy-axis.ts';

const mean = metricById('server.mean');
const peak = metricById('server.peak');

export const herd: Chart = {
  id: 'herd',
  title: 'The herd: the busiest second against the mean',
  caption:
    'From the mean load to the busiest second, in requests a second; the factor between them stands beside the bar. Polls spread themselves; a push calls everyone at once. Logarithmic.',
  draw({ shown }) {
    const rows = shown.flatMap((point) => {
      const [usual, worst] = [valueOf(point, mean), valueOf(point, peak)];
      if (!(usual.mean > 0 && worst.mean > 0)) return [];
      return {
        label: point.label,
        family: familyOf(point),
        mean: usual.mean,
        peak: worst.mean,
        meanText: formatEstimate(mean.unit, usual),
        peakText: formatEstimate(peak.unit, worst),
        factor: `× ${formatNumber(worst.mean / usual.mean, 2)}`,
      };
    });
    if (rows.length === 0) return undefined;
    const values = rows.flatMap((row) => [row.mean, row.peak]);
    return {
      rows,
      columns: [
        { field: 'label', title: 'Policy' },
        { field: 'meanText', title: 'Mean' },
        { field: 'peakText', title: 'Busiest second' },
        { field: 'factor', title: 'Factor' },
      ],
      alternative: `Bars from the mean load to the busiest second. ${rows
        .map(({ label, meanText, peakText }) => `${label}: ${meanText}, busiest second ${peakText}`)
        .join('; ')}.`,
      spec: {
        height: policyHeight(rows.length),
        encoding: {
          y: policyAxis(rows),
          tooltip: [
            { field: 'label', title: 'Policy' },
            { field: 'meanText', title: 'Mean' },
            { field: 'peakText', title: 'Busiest second' },
          ],
        },
        layer: [
          {
            mark: { type: 'bar', size: 7, opacity: 0.45 },
            encoding: {
              x: {
                field: 'mean',
                type: 'quantitative',
                scale: { type: 'log', domain: logDomain(values, 1.5, 4), nice: false },
                axis: { ...powerAxis(values), title: 'Requests a second' },
              },
              x2: { field: 'peak' },
              color: { ...familyColour, legend: null },
            },
          },
          {
            mark: { type: 'tick', thickness: 3, size: 18, color: palette.neutral },
            encoding: { x: { field: 'mean', type: 'quantitative' } },
          },
          {
            mark: { type: 'point', filled: true, size: 110, opacity: 1 },
            encoding: {
              x: { field: 'peak', type: 'quantitative' },
              color: { ...familyColour, legend: null },
            },
          },
          {
            mark: { type: 'text', align: 'left', dx: 11, baseline: 'middle', tooltip: null },
            encoding: {
              x: { field: 'peak', type: 'quantitative' },
              text: { field: 'factor', type: 'nominal' },
            },
          },
        ],
      },
    };
  },
};
