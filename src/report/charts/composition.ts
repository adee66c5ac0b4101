import type { MetricUnit } from '../../results/index.ts';
import type { Drawing } from '../chart.ts';
import { formatValue } from '../format.ts';
import { palette } from '../style.ts';
import { policyAxis, policyHeight } from './policy-axis.ts';

/** A part of a policy's total, per device and day. */
export interface Part {
  readonly label: string;
  readonly part: string;
  readonly amount: number;
}

interface Composition {
  readonly unit: MetricUnit;
  readonly axisTitle: string;
  readonly partTitle: string;
  readonly colours?: readonly string[];
  /** What stands beside a policy's bar; its total unless given. */
  readonly note?: (label: string) => string;
}

/**
 * Bars of equal length that show what a total is made of, with the total beside each: totals of policies span
 * orders of magnitude, so bars in absolute length would hide all but the largest.
 */
export function drawComposition(
  parts: readonly Part[],
  { unit, axisTitle, partTitle, colours = palette.parts, note }: Composition,
): Drawing | undefined {
  const used = parts.filter(({ amount }) => amount > 0);
  if (used.length === 0) return undefined;
  const totals = new Map<string, number>();
  for (const { label, amount } of used) totals.set(label, (totals.get(label) ?? 0) + amount);
  const partNames = [...new Set(parts.map(({ part }) => part))];
  const rows = used.map(({ label, part, amount }) => {
    const total = totals.get(label) ?? amount;
    return {
      label,
      part,
      amount,
      share: amount / total,
      place: partNames.indexOf(part),
      amountText: formatValue(unit, amount),
      note: note?.(label) ?? formatValue(unit, total),
    };
  });
  const largest = (label: string) =>
    rows.filter((row) => row.label === label).toSorted((a, b) => b.share - a.share)[0];
  return {
    rows,
    columns: [
      { field: 'label', title: 'Policy' },
      { field: 'part', title: partTitle },
      { field: 'amountText', title: axisTitle },
      { field: 'share', title: 'Share', format: (value) => formatValue('share', Number(value)) },
    ],
    alternative: `Stacked bars of ${axisTitle.toLowerCase()} for ${totals.size} policies. ${[...totals]
      .map(([label, total]) => {
        const most = largest(label);
        return `${label}: ${note?.(label) ?? formatValue(unit, total)}, most of it ${most?.part ?? ''} (${formatValue('share', most?.share ?? NaN)})`;
      })
      .join('; ')}.`,
    spec: {
      height: policyHeight(totals.size),
      encoding: {
        y: policyAxis(rows),
        tooltip: [
          { field: 'label', title: 'Policy' },
          { field: 'part', title: partTitle },
          { field: 'amountText', title: axisTitle },
          { field: 'share', title: 'Share', format: '.1%' },
        ],
      },
      layer: [
        {
          mark: { type: 'bar', size: 18 },
          encoding: {
            x: {
              field: 'share',
              type: 'quantitative',
              stack: 'zero',
              scale: { domain: [0, 1.3], nice: false },
              axis: { title: axisTitle, values: [0, 0.25, 0.5, 0.75, 1], format: '.0%' },
            },
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: partNames, range: colours.slice(0, partNames.length) },
              legend: { symbolType: 'square' },
            },
            order: { field: 'place', type: 'quantitative' },
          },
        },
        {
          transform: [{ aggregate: [{ op: 'min', field: 'note', as: 'note' }], groupby: ['label'] }],
          mark: { type: 'text', align: 'left', dx: 6, baseline: 'middle', tooltip: null },
          encoding: { x: { datum: 1 }, text: { field: 'note', type: 'nominal' } },
        },
      ],
    },
  };
}
