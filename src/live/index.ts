export type { ServerUser } from './accounts.ts';
export { runLive, type LiveOptions } from './run-live.ts';
