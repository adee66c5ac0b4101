export * from './change-schedule.ts';
export * from './fleet-layout.ts';
export * from './mean-rate.ts';
