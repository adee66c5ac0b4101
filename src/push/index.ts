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
export {
  defaultImportanceRules,
  importanceOf,
  type ChangeFacts,
  type ImportanceRule,
} from './importance/rules.ts';
export {
  startApnsGateway,
  type ApnsGateway,
  type ApnsGatewayOptions,
} from './apns-gateway/start-apns-gateway.ts';
export type { AppleSettings } from './transports/apple/apple-transport.ts';
export { worthAThread } from './transports/web-push/encryptor.ts';
export { streamNamespace } from './transports/stream/event-stream-transport.ts';
export { lenient, strict, type Strictness } from './webdav-push/register-request.ts';
