import type { Drawing } from '../chart.ts';
import { formatGap } from '../format.ts';
import { palette } from '../style.ts';
import { policyHeight } from './policy-axis.ts';

/** An input that was set lower and higher than assumed, and what that did to the answer, relative to it. */
export interface Sensitivity {
  readonly input: string;
  readonly settings: readonly { readonly setting: string; readonly change: number }[];
}

/** How far the answer moves when an input is wrong: the input that matters most on top. */
export function drawTornado(sensitivities: readonly Sensitivity[], answer: string): Drawing {
  const reachOf = ({ settings }: Sensitivity): number =>
    Math.max(...settings.map(({ change }) => Math.abs(change)));
  const ordered = sensitivities.toSorted((a, b) => reachOf(b) - reachOf(a));
  const rows = ordered.flatMap(({ input, settings }) =>
    settings.map(({ setting, change }) => ({
      row: `${input}: ${setting}`,
      input,
      setting,
      change,
      changeText: formatGap(change),
    })),
  );
  const low = Math.min(-0.02, ...rows.map(({ change }) => change));
  const high = Math.max(0.02, ...rows.map(({ change }) => change));
  const margin = 0.3 * (high - low);
  const label = (filter: string, align: 'left' | 'right', dx: number) => ({
    transform: [{ filter }],
    mark: { type: 'text' as const, align, dx, baseline: 'middle' as const, tooltip: null },
    encoding: { text: { field: 'changeText', type: 'nominal' as const } },
  });
  return {
    rows,
    columns: [
      { field: 'input', title: 'Input' },
      { field: 'setting', title: 'Set to' },
      { field: 'changeText', title: `Change of ${answer}` },
    ],
    alternative: `How far ${answer} moves. ${rows.map(({ row, changeText }) => `${row}: ${changeText}`).join('; ')}.`,
    spec: {
      height: policyHeight(rows.length) * 1.1,
      encoding: {
        y: {
          field: 'row',
          type: 'nominal',
          sort: rows.map(({ row }) => row),
          axis: { title: null, grid: true, labelExpr: "split(datum.label, ': ')", labelLineHeight: 13 },
        },
        x: {
          field: 'change',
          type: 'quantitative',
          scale: { domain: [low - margin, high + margin], nice: false },
          axis: { title: `Change of ${answer}`, format: '+.0%', tickCount: 5 },
        },
        tooltip: [
          { field: 'input', title: 'Input' },
          { field: 'setting', title: 'Set to' },
          { field: 'changeText', title: 'Change' },
        ],
      },
      layer: [
        { mark: { type: 'bar', color: palette.push, size: 14 } },
        label('datum.change >= 0', 'left', 6),
        label('datum.change < 0', 'right', -6),
      ],
    },
  };
}
