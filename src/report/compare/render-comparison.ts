import pc from 'picocolors';
import type { Comparison, ComparedResults, Verdict } from '../../results/index.ts';
import { newTable } from '../plain-table.ts';
import { comparisonCells } from './comparison-cells.ts';
import { countVerdicts, overallVerdict } from './overall-verdict.ts';

const colours: Readonly<Record<Verdict, (text: string) => string>> = {
  better: pc.green,
  worse: pc.red,
  same: pc.dim,
  'cannot tell': pc.yellow,
};

const marks: Readonly<Record<Verdict, string>> = {
  better: '🟢',
  worse: '🔴',
  same: '⚪',
  'cannot tell': '🟡',
};

/** A table for the terminal: every metric of every point, and the verdict of all in the last line. */
export function renderComparison({ comparisons, warnings }: ComparedResults): string {
  const points = Map.groupBy(comparisons, (comparison) => comparisonCells(comparison).point);
  const blocks = [...points].map(([point, group]) => {
    const table = newTable([point, 'Base', 'Head', 'Change', '95 % interval', 'Verdict']);
    for (const comparison of group) {
      const { metric, base, head, change, interval } = comparisonCells(comparison);
      table.push([metric, base, head, change, interval, colours[comparison.verdict](comparison.verdict)]);
    }
    return `\n${table.toString()}\n`;
  });
  const overall = overallVerdict(comparisons);
  const lines = warnings.map((warning) => `warning: ${warning}\n`);
  return `${blocks.join('')}\n${lines.join('')}${colours[overall](overall)}: ${countVerdicts(comparisons)}\n`;
}

/** Markdown for a pull request: the verdict, what changed, and everything else folded away. */
export function comparisonMarkdown({ comparisons, warnings }: ComparedResults): string {
  const overall = overallVerdict(comparisons);
  const changed = comparisons.filter(({ verdict }) => verdict !== 'same');
  const table = (rows: readonly Comparison[]): string =>
    [
      '| point | metric | base | head | change | 95 % interval | how | verdict |',
      '|---|---|---:|---:|---:|---|---|---|',
      ...rows.map((comparison) => {
        const { point, metric, base, head, change, interval, method } = comparisonCells(comparison);
        const cells = [point, metric, base, head, change, interval, method];
        const escaped = cells.map((cell) => cell.replaceAll('|', String.raw`\|`));
        return `| ${escaped.join(' | ')} | ${marks[comparison.verdict]} ${comparison.verdict} |`;
      }),
    ].join('\n');
  return [
    `### ${marks[overall]} davpulse: ${overall} (${countVerdicts(comparisons)})`,
    '',
    ...warnings.map((warning) => `> **Warning:** ${warning}\n`),
    changed.length === 0 ? 'No metric changed.' : table(changed),
    '',
    `<details><summary>All ${comparisons.length} comparisons</summary>`,
    '',
    table(comparisons),
    '',
    '</details>',
    '',
  ].join('\n');
}
