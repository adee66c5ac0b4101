export * from './change-schedule.ts';
export * from './fleet-layout.ts';
