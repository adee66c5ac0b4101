export * from './drawn-ticks.ts';
export * from './nearest.ts';
export * from './random.ts';
export * from './sampler.ts';
export * from './streams.ts';
export * from './event-queue.ts';
