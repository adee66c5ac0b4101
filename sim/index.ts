export * from './metrics/index.ts';
export * from './policy/index.ts';
export * from './spec.ts';
