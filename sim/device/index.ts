export * from './device-table.ts';
export * from './radio-meter.ts';
export * from './starts.ts';
export * from './radio-totals.ts';
export * from './connectivity.ts';
export * from './os-gate.ts';
export * from './usage.ts';
export * from './roaming.ts';
