import { escapeXml } from '../../xml/index.ts';
import type { Comparison, ComparedResults } from '../../results/index.ts';
import { comparisonCells } from './comparison-cells.ts';

const outcome = (comparison: Comparison): string => {
  const { base, head, change, interval, method } = comparisonCells(comparison);
  const message = escapeXml(
    `${base} became ${head}: ${change}${interval === '' ? '' : ` (${interval})`}; ${method}`,
  );
  if (comparison.verdict === 'worse') return `<failure message="${message}"/>`;
  if (comparison.verdict === 'cannot tell') return `<skipped message="${message}"/>`;
  return `<system-out>${message}</system-out>`;
};

/** JUnit XML: a suite for each point, a case for each metric; worse fails, cannot tell is skipped. */
export function comparisonJunit({ comparisons }: ComparedResults): string {
  const suites = [...Map.groupBy(comparisons, (comparison) => comparisonCells(comparison).point)].map(
    ([point, group]) => {
      const count = (verdict: string) => group.filter((comparison) => comparison.verdict === verdict).length;
      const cases = group.map(
        (comparison) =>
          `<testcase classname="${escapeXml(point)}" name="${escapeXml(comparison.metric.id)}">${outcome(comparison)}</testcase>`,
      );
      return `<testsuite name="${escapeXml(point)}" tests="${group.length}" failures="${count('worse')}" skipped="${count('cannot tell')}">\n${cases.join('\n')}\n</testsuite>`;
    },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="davpulse compare">\n${suites.join('\n')}\n</testsuites>\n`;
}
