import type { RunSpec } from '../spec.ts';

/** Whether a server may leave requests unanswered, or says when to come again; all of it depends on what happens. */
export const isGuarded = ({ server, deviceGroups }: Pick<RunSpec, 'server' | 'deviceGroups'>): boolean =>
  server.accept !== undefined ||
  server.restarts !== undefined ||
  server.pacing !== undefined ||
  deviceGroups.some(({ client }) => client.timeoutMs !== undefined);
