import type { PushTotals } from '../../../sim/index.ts';
import type { Chart } from '../chart.ts';
import { familyOf } from '../family.ts';
import { palette } from '../style.ts';
import { drawComposition } from './composition.ts';

const outcomes: readonly (readonly [part: string, of: keyof PushTotals])[] = [
  ['delivered', 'delivered'],
  ['merged into another', 'merged'],
  ['vanished', 'dropped'],
  ['failed', 'failed'],
];

/** Messages are counted in thousands or millions, and stand beside a bar on narrow screens too. */
const compact = new Intl.NumberFormat('en', { notation: 'compact' });

export const pushOutcomes: Chart = {
  id: 'push-outcomes',
  title: 'What became of push messages',
  caption:
    'Each change that a device was to be told of, by what became of the message. Merged: it went with a message that was waiting already. Vanished: lost, too old, or replaced by a newer one on its way. The number sent stands beside each bar.',
  draw({ shown }) {
    const pushed = shown.filter((point) => familyOf(point) === 'push');
    const sent = new Map(
      pushed.map(({ label, runs }) => [label, runs.reduce((sum, { push }) => sum + push.sent, 0)]),
    );
    return drawComposition(
      pushed.flatMap(({ label, runs }) =>
        outcomes.map(([part, of]) => ({
          label,
          part,
          amount: runs.reduce((sum, { push }) => sum + push[of], 0),
        })),
      ),
      {
        unit: 'count',
        axisTitle: 'Share of changes to tell',
        partTitle: 'Outcome',
        colours: [palette.parts[1], palette.parts[2], palette.parts[5], palette.parts[3]],
        note: (label) => `${compact.format(sent.get(label) ?? 0)} sent`,
      },
    );
  },
};
