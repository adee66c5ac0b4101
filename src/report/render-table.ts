import pc from 'picocolors';
import {
  metrics,
  summaryParts,
  valueOf,
  type BackendGap,
  type Metric,
  type PointSummary,
} from '../results/index.ts';
import { formatEstimate, formatGap, formatValue, unitNotes } from './format.ts';
import { newTable } from './plain-table.ts';

const headOf = ({ title, unit }: Metric): string =>
  unitNotes[unit] === '' ? title : `${title}\n${unitNotes[unit]}`;

/** Labels of sweeps over several axes are long; figures need the columns. */
const wrapped = (label: string): string =>
  label
    .split(' ')
    .reduce<string[]>((lines, word) => {
      const last = lines.at(-1);
      return last !== undefined && last.length + word.length < 28
        ? [...lines.slice(0, -1), `${last} ${word}`]
        : [...lines, word];
    }, [])
    .join('\n');

const rule = (title: string): string => `\n${pc.underline(title)}\n`;

/**
 * The summary of all points as text, one block for each part of it, each at most 100 columns wide. Values are
 * means over seeds, with the half-width of their 95 % interval where there are several.
 */
export function renderTable(points: readonly PointSummary[]): string {
  const scenarios = Map.groupBy(points, ({ scenario, backend }) => `${scenario}, ${backendNames[backend]}`);
  return [...scenarios].map(([title, group]) => `${rule(title)}${renderScenario(group)}`).join('');
}

const backendNames = { sim: 'simulated', live: 'measured live' } as const;

function renderScenario(points: readonly PointSummary[]): string {
  return summaryParts
    .map((part) => {
      const shown = metrics.filter(({ shownIn }) => shownIn === part);
      const table = newTable([part, ...shown.map(headOf)]);
      for (const point of points) {
        table.push([
          wrapped(point.label),
          ...shown.map((metric) => formatEstimate(metric.unit, valueOf(point, metric))),
        ]);
      }
      return `${table.toString()}\n`;
    })
    .join('\n');
}

/** What was measured beside what was simulated, with the gaps; empty when no point ran in both backends. */
export function renderGaps(gaps: readonly BackendGap[]): string {
  if (gaps.length === 0) return '';
  const table = newTable(['Live beside simulated', 'Metric', 'Live', 'Simulated', 'Gap']);
  for (const { label, metric, live, sim, gap } of gaps) {
    table.push([
      label,
      metric.title,
      formatValue(metric.unit, live.mean),
      formatValue(metric.unit, sim.mean),
      Math.abs(gap) <= 0.1 ? formatGap(gap) : pc.yellow(formatGap(gap)),
    ]);
  }
  return `\n${table.toString()}\n`;
}
