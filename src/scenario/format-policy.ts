import type { PushPolicySpec, SyncPolicySpec } from '../../sim/index.ts';

/** A policy in the form of a scenario file, on one line: what `parsePushPolicy` reads back. */
export function formatPolicy(spec: PushPolicySpec | SyncPolicySpec): string {
  const fields = Object.entries(spec).map(([name, value]) => {
    if (name.endsWith('Ms')) return `${name.slice(0, -2)}: ${value} ms`;
    if (name.endsWith('Seconds')) return `${name.slice(0, -7)}: ${value} s`;
    return `${name}: ${value}`;
  });
  return `{ ${fields.join(', ')} }`;
}
