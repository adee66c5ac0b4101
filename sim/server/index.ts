export * from './fifo-server.ts';
