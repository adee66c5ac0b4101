export { examine, type DoctorOptions } from './examine.ts';
export type { Finding } from './step.ts';
