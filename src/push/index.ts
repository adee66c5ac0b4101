export { createPushEngine, type PushEngineOptions } from './create-push-engine.ts';
export type {
  AdvertisedProperty,
  EngineTotals,
  PropertyName,
  PushAnswer,
  PushChange,
  PushEndpoint,
  PushEngine,
  PushHost,
  WatchedCollection,
  WatchedKind,
} from './push-engine.ts';
export { faultPlanSchema, type FaultPlan, type FaultRule } from './service/faults.ts';
export {
  startPushService,
  type PushService,
  type PushServiceOptions,
  type PushServiceTotals,
} from './service/start-push-service.ts';
