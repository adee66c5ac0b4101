import { adaptive } from './adaptive.ts';
import { aligned } from './aligned.ts';
import { byImportance } from './by-importance.ts';
import { drain } from './drain.ts';
import { fixed } from './fixed.ts';
import { hybridFallback } from './hybrid-fallback.ts';
import { hybrid } from './hybrid.ts';
import { immediate } from './immediate.ts';
import { jittered } from './jittered.ts';
import { loadPaced } from './load-paced.ts';
import { longPoll } from './long-poll.ts';
import { manual } from './manual.ts';
import { off } from './off.ts';
import { onPush } from './on-push.ts';
import { onUse } from './on-use.ts';
import { osBatched } from './os-batched.ts';
import { serverPaced } from './server-paced.ts';
import { sliding } from './sliding.ts';
import { spaced } from './spaced.ts';
import { staggered } from './staggered.ts';
import type { Parameters, SpecOf } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';
import type { SyncPolicy } from './sync-policy.ts';
import { tokenBucket } from './token-bucket.ts';
import { window } from './window.ts';

/** Every sync policy; a new one is a file and a line here. */
export const syncPolicies = [
  fixed,
  jittered,
  aligned,
  adaptive,
  osBatched,
  onUse,
  manual,
  serverPaced,
  longPoll,
  hybrid,
  hybridFallback,
  onPush,
] as const;

/** Every push policy; a new one is a file and a line here. */
export const pushPolicies = [
  off,
  immediate,
  window,
  sliding,
  drain,
  spaced,
  tokenBucket,
  loadPaced,
  byImportance,
  staggered,
] as const;

export type SyncPolicySpec = SpecOf<(typeof syncPolicies)[number]>;
export type PushPolicySpec = SpecOf<(typeof pushPolicies)[number]>;

interface Definition<Policy> {
  readonly kind: string;
  readonly parameters: Parameters;
  create(values: Readonly<Record<string, number>>): Policy;
}

function create<Policy>(definitions: readonly Definition<Policy>[], spec: { readonly kind: string }): Policy {
  const { kind, ...values } = spec;
  const definition = definitions.find((candidate) => candidate.kind === kind);
  if (definition === undefined) throw new RangeError(`no policy of kind ${kind}`);
  return definition.create({ ...defaultsOf(definition.parameters), ...values });
}

function defaultsOf(parameters: Parameters): Record<string, number> {
  const defaults: Record<string, number> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.default !== undefined) defaults[name] = parameter.default;
  }
  return defaults;
}

/** The running form of a sync policy. @throws RangeError for a kind that is not registered. */
export const createSyncPolicy = (spec: SyncPolicySpec): SyncPolicy => create(syncPolicies, spec);

/** The running form of a push policy. @throws RangeError for a kind that is not registered. */
export const createPushPolicy = (spec: PushPolicySpec): PushPolicy => create(pushPolicies, spec);
