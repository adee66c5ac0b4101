import type { PushPolicySpec } from '../../../sim/index.ts';
import type { PushEngine, PushHost } from '../../push/index.ts';
import type { FrontDefect } from './front.ts';
import type { WireDefect } from './wire.ts';

/**
 * One way in which the bundled server is made to break a clause, from outside of it: around its push engine, before
 * its HTTP, or between it and the push service.
 */
export interface Defect {
  readonly id: string;
  readonly title: string;
  /** The checks that must see it. */
  readonly caughtBy: readonly string[];
  /** Checks that may see it as well, because it breaks what they test too. */
  readonly also?: readonly string[];
  readonly engine?: (engine: PushEngine) => PushEngine;
  readonly host?: (host: PushHost) => PushHost;
  readonly policy?: PushPolicySpec;
  readonly wire?: WireDefect;
  readonly front?: FrontDefect;
}
