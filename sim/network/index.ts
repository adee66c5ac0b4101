export * from './connect-round-trips.ts';
export * from './device-buckets.ts';
export * from './kept-connection.ts';
export * from './push-route.ts';
export * from './retry-wait.ts';
export * from './topic-turns.ts';
