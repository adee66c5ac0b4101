export { makeUsers, type ServerUser } from './accounts.ts';
export { startBundledServer, type RunningServer } from './bundled-server.ts';
export { objectBody } from './object-body.ts';
export { processorMs, residentBytes } from './process-cost.ts';
export type { LiveOptions, LiveServer } from './live-options.ts';
export { runLive } from './run-live.ts';
export { connectTo, type Target } from './target.ts';
export type { LiveSample } from './live-sample.ts';
export { openWatchPage, type WatchPage } from './watch-page.ts';
