import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

/** The server sends nothing. */
export const off = definePolicy({
  kind: 'off',
  summary: 'the server sends no push messages',
  parameters: {},
  create: (): PushPolicy => ({
    kind: 'off',
    due: () => Infinity,
    message: () => ({ urgency: 'normal', ttlSeconds: 0, topic: false }),
  }),
});
