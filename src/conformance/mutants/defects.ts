import { changeDefects } from './change-defects.ts';
import type { Defect } from './defect.ts';
import { discoveryDefects } from './discovery-defects.ts';
import { failureDefects } from './failure-defects.ts';
import { messageDefects } from './message-defects.ts';
import { refusalDefects } from './refusal-defects.ts';
import { registrationDefects } from './registration-defects.ts';
import { removalDefects } from './removal-defects.ts';
import { syncDefects } from './sync-defects.ts';

/** Every defect that the bundled server can be started with, to prove that the suite sees it. */
export const defects: readonly Defect[] = [
  ...discoveryDefects,
  ...registrationDefects,
  ...refusalDefects,
  ...removalDefects,
  ...changeDefects,
  ...messageDefects,
  ...failureDefects,
  ...syncDefects,
];
