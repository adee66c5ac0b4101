export { exportK6, type K6Export, type K6ExportOptions } from './export-k6.ts';
export { readK6Summary, type K6Figures } from './read-summary.ts';
