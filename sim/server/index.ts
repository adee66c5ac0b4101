export * from './availability.ts';
export * from './cold-kind.ts';
export * from './cold-start.ts';
export * from './fifo-server.ts';
export * from './pacing.ts';
export * from './pauses.ts';
export * from './waiting-room.ts';
export * from './processor-time.ts';
