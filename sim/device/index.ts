export * from './device-table.ts';
export * from './radio-meter.ts';
export * from './radio-totals.ts';
export * from './connectivity.ts';
