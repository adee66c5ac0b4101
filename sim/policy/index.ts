export type { Parameter, Parameters, ParameterValues, PolicyDefinition } from './parameter.ts';
export type { PushMoment, PushPolicy, Urgency } from './push-policy.ts';
export {
  createPushPolicy,
  createSyncPolicy,
  pushPolicies,
  syncPolicies,
  type PushPolicySpec,
  type SyncPolicySpec,
} from './registry.ts';
export type { SyncMoment, SyncPolicy } from './sync-policy.ts';
