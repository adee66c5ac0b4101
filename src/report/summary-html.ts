import {
  metrics,
  summaryParts,
  valueOf,
  type BackendGap,
  type Metric,
  type PointSummary,
} from '../results/index.ts';
import { formatGap, formatHalfWidth, formatValue, unitNotes } from './format.ts';
import { escapeHtml } from './html.ts';

const parts = summaryParts.map((part) => ({
  part,
  metrics: metrics.filter(({ shownIn }) => shownIn === part),
}));

/** The summary, a table for each part of it: one line a policy, means over seeds and half-widths of their 95 % intervals. */
export const summaryHtml = (points: readonly PointSummary[]): string =>
  parts.map(({ part, metrics: columns }) => partHtml(part, columns, points)).join('\n');

function partHtml(part: string, columns: readonly Metric[], points: readonly PointSummary[]): string {
  const head = columns
    .map(({ title, unit }) => `<th scope="col">${escapeHtml(title)}<small>${unitNotes[unit]}</small></th>`)
    .join('');
  const lines = points.map((point) => {
    const cells = columns.map((metric) => {
      const value = valueOf(point, metric);
      const half = formatHalfWidth(metric.unit, value);
      return `<td>${formatValue(metric.unit, value.mean)}${half === '' ? '' : ` <small>${half}</small>`}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(point.label)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">${part}</th>${head}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table></div>`;
}

/** What was measured beside what was simulated; gaps of more than 10 % stand out. */
export function gapsHtml(gaps: readonly BackendGap[]): string {
  const lines = gaps.map(
    ({ label, metric, live, sim, gap }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(metric.title)}</td>` +
      `<td>${formatValue(metric.unit, live.mean)}</td><td>${formatValue(metric.unit, sim.mean)}</td>` +
      `<td${Math.abs(gap) <= 0.1 ? '' : ' class="apart"'}>${formatGap(gap)}</td></tr>`,
  );
  return `<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Policy</th><th scope="col">Metric</th><th scope="col">Live</th><th scope="col">Simulated</th><th scope="col">Gap</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table></div>`;
}
