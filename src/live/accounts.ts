import { randomBytes } from 'node:crypto';
import type { FleetLayout } from '../../sim/index.ts';
import { DavpulseError } from '../errors/index.ts';

export interface ServerUser {
  readonly name: string;
  readonly password: string;
}

/** As many users as asked for, with passwords nobody could guess. */
export function makeUsers(count: number): ServerUser[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `user${String(index + 1).padStart(5, '0')}`,
    password: randomBytes(12).toString('base64url'),
  }));
}

/** @throws DavpulseError DAVPULSE_OPTION_INVALID when there are fewer accounts than the fleet has users */
export function requireUsers(users: readonly ServerUser[], layout: Pick<FleetLayout, 'users'>): void {
  if (users.length >= layout.users) return;
  throw new DavpulseError(
    'DAVPULSE_OPTION_INVALID',
    `the fleet has ${layout.users} users but only ${users.length} accounts are given`,
  );
}

/**
 * The user in whose home a collection lies. A shared one lies with its first member, and the devices of the others
 * use it with that account: what is measured is the traffic of many devices on one collection, which needs no
 * support for sharing on the server.
 */
export const ownerOf = (layout: FleetLayout, collection: number): number =>
  layout.memberList[layout.firstMember[collection] ?? 0] ?? 0;
