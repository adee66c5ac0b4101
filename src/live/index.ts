export { makeUsers, type ServerUser } from './accounts.ts';
export { startBundledServer, type RunningServer } from './bundled-server.ts';
export { objectBody } from './object-body.ts';
export { processorMs } from './process-cost.ts';
export { runLive, type LiveOptions, type LiveServer } from './run-live.ts';
export { connectTo, type Target } from './target.ts';
