import type { Parameters } from './parameter.ts';
import type { SyncPolicy } from './sync-policy.ts';

/** What a device that follows pushes makes of one. */
export const pushAnswerParameters = {
  spreadMs: {
    meaning: 'a push leads to a contact at a random time within this',
    min: 0,
    max: Infinity,
    default: 0,
  },
  skipKnown: {
    meaning:
      '1: a push that announces what the device already holds is let pass; 0: it leads to a contact too',
    min: 0,
    max: 1,
    integer: true,
    default: 0,
    added: true,
  },
  wholeAccount: {
    meaning: '1: a push leads to a sync of the whole account, as in DAVx5; 0: of the pushed collection only',
    min: 0,
    max: 1,
    integer: true,
    default: 1,
    added: true,
  },
} as const satisfies Parameters;

/** How a policy with these parameters answers pushes. */
export function pushAnswer(values: {
  spreadMs: number;
  skipKnown: number;
  wholeAccount: number;
}): Pick<SyncPolicy, 'onPush' | 'usesPush' | 'pushedOnly' | 'skipsKnown'> {
  const { spreadMs } = values;
  const skips = values.skipKnown === 1;
  return {
    usesPush: true,
    skipsKnown: skips,
    pushedOnly: values.wholeAccount === 0,
    onPush(moment) {
      if (skips && moment.known) return Infinity;
      return moment.now + (spreadMs === 0 ? 0 : spreadMs * moment.random());
    },
  };
}
