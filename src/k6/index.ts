export { exportK6, type K6Export } from './export-k6.ts';
