export * from './random.ts';
export * from './sampler.ts';
export * from './streams.ts';
