export { renderGaps, renderTable } from './render-table.ts';
export { writeReport } from './write-report.ts';
