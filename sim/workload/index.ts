export type * from './change-columns.ts';
export * from './change-schedule.ts';
export { deeds } from './deeds.ts';
export * from './fleet-layout.ts';
export * from './mean-rate.ts';
export { orderByTime } from './order-by-time.ts';
export { divideFleet, type Division, type PartRange } from './division.ts';
export { blockOf, type FleetBlock } from './fleet-block.ts';
