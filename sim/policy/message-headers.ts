import type { Importance } from '../importance.ts';
import type { Parameters } from './parameter.ts';
import type { PushPolicy, Urgency } from './push-policy.ts';

/** The parameters that every sending policy has. */
export const headerParameters = {
  ttlSeconds: {
    meaning: 'how long the push service keeps a message for a device that is away',
    min: 0,
    max: 2_419_200,
    integer: true,
    default: 86_400,
  },
  topic: {
    meaning: '1: a newer message replaces an undelivered one of the same collection; 0: both are kept',
    min: 0,
    max: 1,
    integer: true,
    default: 1,
  },
  selfEcho: {
    meaning: '1: the device that wrote a change is told of it as well; 0: it is left out (Push-Dont-Notify)',
    min: 0,
    max: 1,
    integer: true,
    default: 0,
    added: true,
  },
} as const satisfies Parameters;

const urgencyOf: Readonly<Record<Importance, Urgency>> = { high: 'high', normal: 'normal', low: 'low' };

/** What the parameters of every sending policy decide: headers by importance (RFC 8030 sections 5.2 to 5.4), and who is told. */
export function messageHeaders(values: {
  ttlSeconds: number;
  topic: number;
  selfEcho: number;
}): Pick<PushPolicy, 'message' | 'selfEcho'> {
  const headers = (importance: Importance) => ({
    urgency: urgencyOf[importance],
    ttlSeconds: values.ttlSeconds,
    topic: values.topic === 1,
  });
  // One object for all messages of an importance: a run sends millions.
  const all = { high: headers('high'), normal: headers('normal'), low: headers('low') };
  return { selfEcho: values.selfEcho === 1, message: (importance) => all[importance] };
}
