import type { PushPolicySpec } from '../../sim/index.ts';
import { pushPolicySchema } from './policy-schema.ts';
import { SourceDocument } from './source-document.ts';

/**
 * A push policy written as in a scenario, such as `{ kind: window, window: 3 s }`.
 * @param origin names the text in errors
 * @throws DavpulseError DAVPULSE_SCENARIO_INVALID
 */
export const parsePushPolicy = (yaml: string, origin: string): PushPolicySpec =>
  SourceDocument.parse(origin, yaml).validate(pushPolicySchema);
