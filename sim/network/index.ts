export * from './push-route.ts';
export * from './retry-wait.ts';
