export { exportK6, type K6Export, type K6ExportOptions } from './export-k6.ts';
