import type { PointSummary } from '../../results/index.ts';
import type { Chart } from '../chart.ts';
import { palette } from '../style.ts';
import { drawComposition } from './composition.ts';

const total = ({ runs }: PointSummary, of: 'expected' | 'seen' | 'seenLate' | 'lost'): number =>
  runs.reduce((sum, { ledger }) => sum + ledger[of], 0);

const compact = new Intl.NumberFormat('en', { notation: 'compact' });

export const ledgerLosses: Chart = {
  id: 'losses',
  title: 'Did every change arrive?',
  caption:
    'All (change, device) pairs of all seeds. After the end: the change came in the last moments of the run and arrived at the next contact that the policy schedules. Lost: the policy would never have brought it.',
  draw({ shown }) {
    const pairs = new Map(shown.map((point) => [point.label, point]));
    return drawComposition(
      shown.flatMap((point) => [
        {
          label: point.label,
          part: 'during the run',
          amount: total(point, 'seen') - total(point, 'seenLate'),
        },
        { label: point.label, part: 'after the end', amount: total(point, 'seenLate') },
        { label: point.label, part: 'lost', amount: total(point, 'lost') },
      ]),
      {
        unit: 'count',
        axisTitle: 'Share of changes × devices',
        partTitle: 'Arrived',
        colours: [palette.parts[1], palette.parts[6], palette.parts[5]],
        note: (label) => {
          const point = pairs.get(label);
          return point === undefined ? '' : `${compact.format(total(point, 'lost'))} lost`;
        },
      },
    );
  },
};
