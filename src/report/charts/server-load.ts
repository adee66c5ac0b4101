import type { PointSummary } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { familyOf, type Family } from '../family.ts';
import { formatValue } from '../format.ts';
import { palette } from '../style.ts';
import { powerAxis } from './axes.ts';

const mostBins = 96;

/** The unit of the time axis: runs last from seconds to days. */
function clockOf(point: PointSummary | undefined): { name: string; ms: number } {
  const countedMs = point?.runs[0]?.countedMs ?? 0;
  if (countedMs < 300_000) return { name: 'Second', ms: 1000 };
  return countedMs < 4 * 3_600_000 ? { name: 'Minute', ms: 60_000 } : { name: 'Hour', ms: 3_600_000 };
}

/** Mean requests a second over all seeds, in at most `mostBins` bins over the counted time. */
function loadOf(point: PointSummary, unitMs: number): { time: number; rate: number }[] {
  const first = point.runs[0];
  if (first === undefined) return [];
  const { binMs, requests } = first.server.series;
  const joined = Math.max(1, Math.ceil(requests.length / mostBins));
  const bins = Array.from({ length: Math.floor(requests.length / joined) }, (_, index) => index);
  const seconds = (binMs * joined) / 1000;
  return bins.map((bin) => {
    const counts = point.runs.map(({ server }) =>
      server.series.requests.slice(bin * joined, (bin + 1) * joined).reduce((sum, count) => sum + count, 0),
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return { time: ((bin + 0.5) * joined * binMs) / unitMs, rate: mean / seconds };
  });
}

/** A shade of its family's colour for each policy, light to dark in the order of the study. */
function shadesOf(points: readonly { label: string; family: Family }[]): string[] {
  const shades = { polling: palette.pollingShades, push: palette.pushShades };
  return points.map(({ label, family }) => {
    const siblings = points.filter((other) => other.family === family);
    const place = siblings.findIndex((other) => other.label === label);
    const range = shades[family];
    return range[place % range.length] ?? range[0];
  });
}

export const serverLoad: Chart = {
  id: 'server-load',
  title: 'Server load over time',
  caption:
    'Requests a second at the server from the whole fleet, averaged over seeds. Logarithmic; polling in solid, push in dashed lines.',
  draw({ shown }) {
    const clock = clockOf(shown[0]);
    const policies = shown.map((point) => ({ label: point.label, family: familyOf(point), point }));
    const rows = policies.flatMap(({ label, family, point }) =>
      loadOf(point, clock.ms)
        .filter(({ rate }) => rate > 0)
        .map(({ time, rate }) => ({ label, family, time, rate })),
    );
    if (rows.length < 3 * policies.length) return undefined;
    const labels = policies.map(({ label }) => label);
    return {
      rows,
      columns: [
        { field: 'label', title: 'Policy' },
        { field: 'time', title: clock.name, format: (value) => Number(value).toFixed(2) },
        { field: 'rate', title: 'Requests a second', format: (value) => formatValue('1/s', Number(value)) },
      ],
      alternative: `Lines of requests a second over the counted time for ${labels.length} policies. ${policies
        .map(({ label, point }) => {
          const rates = loadOf(point, clock.ms).map(({ rate }) => rate);
          return `${label}: ${formatValue('1/s', Math.min(...rates))} to ${formatValue('1/s', Math.max(...rates))}`;
        })
        .join('; ')}.`,
      spec: {
        height: 320,
        encoding: {
          x: {
            field: 'time',
            type: 'quantitative',
            axis: { title: `${clock.name} of the run`, grid: false, tickCount: 8 },
            scale: { nice: false },
          },
          y: {
            field: 'rate',
            type: 'quantitative',
            scale: { type: 'log', nice: false, padding: 14 },
            axis: { ...powerAxis(rows.map(({ rate }) => rate)), title: 'Requests a second' },
          },
          tooltip: [
            { field: 'label', title: 'Policy' },
            { field: 'time', title: clock.name, format: '.2f' },
            { field: 'rate', title: 'Requests a second', format: '.3~r' },
          ],
        },
        layer: [
          {
            mark: { type: 'line', strokeWidth: 2, interpolate: 'monotone' },
            encoding: {
              color: {
                field: 'label',
                type: 'nominal',
                scale: { domain: labels, range: shadesOf(policies) },
                legend: { symbolType: 'stroke', symbolStrokeWidth: 3 },
              },
              strokeDash: {
                field: 'family',
                type: 'nominal',
                scale: {
                  domain: ['polling', 'push'],
                  range: [
                    [1, 0],
                    [6, 3],
                  ],
                },
                legend: null,
              },
            },
          },
        ],
      },
    };
  },
};
