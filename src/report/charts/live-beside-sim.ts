import { compareBackends } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { formatGap, formatValue } from '../format.ts';
import { palette } from '../style.ts';
import { policyHeight } from './policy-axis.ts';

/** Gaps within this share of the measured value are drawn as agreement. */
const agreement = 0.1;
/** Larger gaps are drawn at the edge; the number beside them is the true one. */
const widest = 1;

export const liveBesideSim: Chart = {
  id: 'live-beside-sim',
  title: 'Simulated beside measured',
  caption:
    'The same fleet and the same changes, once as real traffic and once simulated: how far the simulation lies from the measurement. The band holds gaps of up to 10 %.',
  draw({ points }) {
    const gaps = compareBackends(points.flatMap(({ runs }) => runs)).filter(({ gap }) =>
      Number.isFinite(gap),
    );
    if (gaps.length === 0) return undefined;
    const rows = gaps.map(({ label, metric, live, sim, gap }) => ({
      row: `${label}: ${metric.title.toLowerCase()}`,
      label,
      metric: metric.title,
      live: formatValue(metric.unit, live.mean),
      sim: formatValue(metric.unit, sim.mean),
      gap,
      drawn: Math.max(-widest, Math.min(widest, gap)),
      gapText: formatGap(gap),
      verdict: Math.abs(gap) <= agreement ? 'within 10 %' : 'further apart',
    }));
    const reach = Math.max(0.25, ...rows.map(({ drawn }) => Math.abs(drawn)));
    return {
      rows,
      columns: [
        { field: 'label', title: 'Policy' },
        { field: 'metric', title: 'Metric' },
        { field: 'live', title: 'Live' },
        { field: 'sim', title: 'Simulated' },
        { field: 'gapText', title: 'Gap' },
      ],
      alternative: `Gaps between simulation and measurement. ${rows
        .map(({ row, live, sim, gapText }) => `${row}: live ${live}, simulated ${sim}, ${gapText}`)
        .join('; ')}.`,
      spec: {
        height: policyHeight(rows.length) * 1.2,
        encoding: {
          y: {
            field: 'row',
            type: 'nominal',
            sort: rows.map(({ row }) => row),
            axis: { title: null, grid: true, labelExpr: "split(datum.label, ': ')", labelLineHeight: 13 },
          },
        },
        layer: [
          {
            data: { values: [{ from: -agreement, to: agreement }] },
            mark: { type: 'rect', opacity: 0.15, color: palette.neutral },
            encoding: {
              x: { field: 'from', type: 'quantitative' },
              x2: { field: 'to' },
              y: { value: 0 },
              y2: { value: 'height' },
            },
          },
          {
            mark: { type: 'rule', strokeWidth: 2, opacity: 0.6 },
            encoding: {
              x: {
                field: 'drawn',
                type: 'quantitative',
                scale: { domain: [-reach * 1.35, reach * 1.35], nice: false },
                axis: { title: 'Gap, share of the measured value', format: '+.0%', tickCount: 5 },
              },
              x2: { datum: 0 },
              color: { field: 'verdict', type: 'nominal', legend: null, scale: verdictScale },
            },
          },
          {
            mark: { type: 'point', filled: true, size: 110, opacity: 1 },
            encoding: {
              x: { field: 'drawn', type: 'quantitative' },
              color: { field: 'verdict', type: 'nominal', scale: verdictScale },
              shape: {
                field: 'verdict',
                type: 'nominal',
                scale: { domain: verdictScale.domain, range: ['circle', 'triangle-up'] },
              },
              tooltip: [
                { field: 'row', title: 'What' },
                { field: 'live', title: 'Live' },
                { field: 'sim', title: 'Simulated' },
                { field: 'gapText', title: 'Gap' },
              ],
            },
          },
          gapLabel('datum.drawn >= 0', 'left', 10),
          gapLabel('datum.drawn < 0', 'right', -10),
        ],
      },
    };
  },
};

const verdictScale = {
  domain: ['within 10 %', 'further apart'],
  range: [palette.sim, palette.live],
};

const gapLabel = (filter: string, align: 'left' | 'right', dx: number) => ({
  transform: [{ filter }],
  mark: { type: 'text' as const, align, dx, baseline: 'middle' as const, tooltip: null },
  encoding: {
    x: { field: 'drawn', type: 'quantitative' as const },
    text: { field: 'gapText', type: 'nominal' as const },
  },
});
