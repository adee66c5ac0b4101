export * from './histogram.ts';
export * from './run-record.ts';
