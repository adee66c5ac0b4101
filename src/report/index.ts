export { renderGaps, renderTable } from './render-table.ts';
export { writeReport } from './write-report.ts';
export { comparisonJunit } from './compare/comparison-junit.ts';
export { overallVerdict } from './compare/overall-verdict.ts';
export { comparisonMarkdown, renderComparison } from './compare/render-comparison.ts';
