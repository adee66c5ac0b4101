import type { RequestKind } from '../spec.ts';

export const byteCauses = ['check', 'fetch', 'write', 'push', 'keep-alive', 'connect', 'subscribe'] as const;
export type ByteCause = (typeof byteCauses)[number];

/** What the bytes of a request are counted as. */
export const causeOf: Readonly<Record<RequestKind, ByteCause>> = {
  'sync-token': 'check',
  'sync-collection': 'check',
  multiget: 'fetch',
  put: 'write',
  delete: 'write',
  register: 'subscribe',
  home: 'check',
  list: 'check',
};
