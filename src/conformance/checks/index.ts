import type { Check } from '../check.ts';
import { addressChecks } from './addresses.ts';
import { appleChecks } from './apple.ts';
import { deliveryChecks } from './delivery.ts';
import { discoveryChecks } from './discovery.ts';
import { dontNotifyChecks } from './dont-notify.ts';
import { failureChecks } from './failures.ts';
import { messageChecks } from './messages.ts';
import { refusalChecks } from './refusals.ts';
import { registrationChecks } from './registration.ts';
import { removalChecks } from './removal.ts';
import { sharingChecks } from './sharing.ts';
import { syncChecks } from './sync.ts';
import { vapidChecks } from './vapid.ts';

/** Every check of a DAV server, in the order in which they are shown. */
export const checks: readonly Check[] = [
  ...discoveryChecks,
  ...registrationChecks,
  ...refusalChecks,
  ...removalChecks,
  ...messageChecks,
  ...deliveryChecks,
  ...vapidChecks,
  ...dontNotifyChecks,
  ...failureChecks,
  ...addressChecks,
  ...sharingChecks,
  ...syncChecks,
  ...appleChecks,
];
