import { histogramQuantile, mergeHistograms } from '../../../sim/index.ts';
import { allStaleness } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { familyOf } from '../family.ts';
import { formatValue } from '../format.ts';
import { durationAxis } from './axes.ts';
import { familyColour } from './family-colour.ts';
import { policyAxis, policyHeight } from './policy-axis.ts';

/** A logarithmic axis has no zero; nothing arrives in less than this anyway. */
const floorMs = 1;
const milliseconds = (value: number | string | boolean): string => formatValue('ms', Number(value));

export const stalenessQuantiles: Chart = {
  id: 'staleness',
  title: 'How stale each policy leaves people',
  caption:
    'Time from a change to a device having it. The thin bar holds 90 % of all (change, device) pairs, the thick one half of them, the mark is the median. Logarithmic.',
  draw({ shown }) {
    const rows = shown.flatMap((point) => {
      const all = mergeHistograms(point.runs.map(allStaleness));
      if (all.count === 0) return [];
      const at = (q: number) => Math.max(floorMs, histogramQuantile(all, q));
      return {
        label: point.label,
        family: familyOf(point),
        p5: at(0.05),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p95: at(0.95),
        p99: at(0.99),
        pairs: all.count,
      };
    });
    if (rows.length === 0) return undefined;
    const quantiles = ['p5', 'p25', 'p50', 'p75', 'p95', 'p99'];
    const bar = (from: string, to: string, size: number, opacity: number) => ({
      mark: { type: 'bar' as const, size, opacity, cornerRadius: size / 2 },
      encoding: {
        x: { field: from, type: 'quantitative' as const },
        x2: { field: to },
        color: familyColour,
      },
    });
    return {
      rows,
      columns: [
        { field: 'label', title: 'Policy' },
        ...quantiles.map((field) => ({ field, title: field, format: milliseconds })),
        {
          field: 'pairs',
          title: 'Changes × devices',
          format: (value) => formatValue('count', Number(value)),
        },
      ],
      alternative: `Ranges of staleness for ${rows.length} policies. ${rows
        .map(
          ({ label, p50, p95 }) => `${label}: median ${milliseconds(p50)}, 95 % within ${milliseconds(p95)}`,
        )
        .join('; ')}.`,
      spec: {
        height: policyHeight(rows.length),
        transform: quantiles.map((field) => ({
          calculate: `datum.${field} < 1000 ? format(datum.${field}, '.3~r') + ' ms' : datum.${field} < 60000 ? format(datum.${field} / 1000, '.3~r') + ' s' : datum.${field} < 3600000 ? format(datum.${field} / 60000, '.3~r') + ' min' : format(datum.${field} / 3600000, '.3~r') + ' h'`,
          as: `${field}Text`,
        })),
        encoding: {
          y: policyAxis(rows),
          x: {
            type: 'quantitative',
            scale: { type: 'log', nice: false, padding: 14 },
            axis: { ...durationAxis, title: 'Staleness' },
          },
          tooltip: [
            { field: 'label', title: 'Policy' },
            ...quantiles.map((field) => ({ field: `${field}Text`, title: field })),
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
  },
};
