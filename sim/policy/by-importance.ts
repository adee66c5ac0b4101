import type { Importance } from '../importance.ts';
import { headerParameters, messageHeaders } from './message-headers.ts';
import { definePolicy } from './parameter.ts';
import type { PushPolicy } from './push-policy.ts';

const window = (what: string) => ({
  meaning: `time from a change of ${what} importance to its message`,
  min: 0,
  max: Infinity,
});

/** Urgent changes leave soon, others wait for company; a later urgent one takes the waiting along. */
export const byImportance = definePolicy({
  kind: 'by-importance',
  summary: 'a window for each importance; changes of low importance may be left to the next poll',
  parameters: {
    highMs: { ...window('high'), default: 0 },
    normalMs: window('normal'),
    lowMs: window('low'),
    sendLow: {
      meaning: '1: changes of low importance are pushed; 0: they wait for the next message or poll',
      min: 0,
      max: 1,
      integer: true,
      default: 1,
    },
    ...headerParameters,
  },
  create: (values): PushPolicy => {
    const delayMs: Readonly<Record<Importance, number>> = {
      high: values.highMs,
      normal: values.normalMs,
      low: values.sendLow === 1 ? values.lowMs : Infinity,
    };
    return {
      kind: 'by-importance',
      due: ({ now, importance, dueAt }) => {
        const due = now + delayMs[importance];
        return due < dueAt || Number.isNaN(dueAt) ? due : dueAt;
      },
      ...messageHeaders(values),
    };
  },
});
