export * from './byte-cause.ts';
export * from './histogram.ts';
export * from './run-record.ts';
export * from './battery.ts';
export * from './product-sum.ts';
