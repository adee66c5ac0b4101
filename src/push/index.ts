export type { PushAnswer, PushChange, PushEngine, PushHost, WatchedCollection } from './push-engine.ts';
