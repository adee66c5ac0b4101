import { drawLines, formatValue } from '../../report/index.ts';
import { importances } from '../../../sim/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { adviceMoves, adviceTable, candidateOf } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';
import { brief, changesPerDay, curvePoint, meanOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';

/** Share of the changes that a device sees which are of low importance. */
function lowShare(point: PointSummary): number {
  const groups = specOf(point).collectionGroups;
  const seen = groups.map((group) => changesPerDay(group) * group.perUser);
  const low = groups.map(
    ({ importance: { high, normal, low } }, index) => (seen[index] ?? 0) * (low / (high + normal + low)),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return sum(low) / sum(seen);
}

/** How much later than the soonest urgent changes may come in the median, and ordinary ones at all. */
const urgentSlack = 0.1;
const ordinaryWithinMs = 30_000;

/** The thriftiest policy that keeps urgent changes urgent and ordinary ones prompt; the soonest where none does. */
function advisePolicy(candidates: readonly PointSummary[]): string {
  const soonest = Math.min(...candidates.map((point) => meanOf(point, 'staleness.high.p50')));
  const prompt = candidates.filter(
    (point) =>
      meanOf(point, 'staleness.high.p50') <= (1 + urgentSlack) * soonest &&
      meanOf(point, 'staleness.normal.p50') <= ordinaryWithinMs,
  );
  const [best] = prompt.toSorted((a, b) => meanOf(a, 'energy') - meanOf(b, 'energy'));
  return best === undefined ? 'none of them' : candidateOf(best);
}

export const importance: Chapter = {
  id: 'importance',
  title: 'What importance should change',
  question:
    'What does it save to let changes that can wait wait, and what do those who wait for the others gain or lose?',
  write(result) {
    const points = pointsOf(result, 'policies');
    const at = (label: string) => pointCalled(points, label);
    const all = at('all at once');
    const saved = (label: string): string =>
      formatValue('share', 1 - meanOf(at(label), 'energy') / meanOf(all, 'energy'));
    const hour = at('low within 1 h');
    const poll = at('low left to the poll');
    return {
      answer:
        `Push urgent changes at once, ordinary ones within seconds, and leave those that can wait to the next message or poll: ` +
        `that saves ${saved('low left to the poll')} of the energy and keeps urgent changes at ${shown(poll, 'staleness.high.p50')} in the median.`,
      paragraphs: [
        `Most changes of a shared calendar can wait (holidays, attendees who answer, descriptions); here ${formatValue('share', lowShare(all))} of them do. Holding just those for up to an hour saves ${saved('low within 1 h')}, and half of them still arrive within ${brief(hour, 'staleness.low.p50')}, because any message that leaves earlier takes them along.`,
        `A window of 2 min for everyone saves only ${saved('all within 2 min')} and makes the urgent wait as long as the rest: ${brief(at('all within 2 min'), 'staleness.high.p50')} instead of ${brief(all, 'staleness.high.p50')}.`,
        `Leaving low importance to the poll brings it within ${brief(poll, 'staleness.low.p50')} in the median and ${brief(poll, 'staleness.low.p95')} at worst (95th percentile), bounded by the safety poll every 4 h; ordinary changes stay at ${brief(poll, 'staleness.normal.p50')}.`,
        `Going further and holding back ordinary changes for half an hour saves ${saved('only high pushed soon')}, for a median of ${brief(at('only high pushed soon'), 'staleness.normal.p50')} on what people mostly wait for.`,
      ],
      figures: [
        {
          id: 'importance-trade',
          title: 'What each importance pays and gains',
          caption:
            'One mark for each policy and importance: how stale the changes of that importance are, against the energy of the whole policy. Both axes are logarithmic.',
          drawing: drawLines({
            points: importances.flatMap((kind) =>
              points
                .toSorted((a, b) => meanOf(a, 'energy') - meanOf(b, 'energy'))
                .map((point) => curvePoint(kind, meanOf(point, 'energy'), point, `staleness.${kind}.p50`)),
            ),
            x: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            y: { title: 'Median staleness', unit: 'ms' },
            seriesTitle: 'Importance',
          }),
        },
      ],
      tables: [
        {
          title: 'Policies, per phone and day',
          columns: [
            'Policy',
            'High p50',
            'High p95',
            'Normal p50',
            'Normal p95',
            'Low p50',
            'Low p95',
            'Messages',
            'Energy',
            'Battery',
          ],
          rows: points.map((point) => [
            point.label,
            ...importances.flatMap((kind) => [
              shown(point, `staleness.${kind}.p50`),
              shown(point, `staleness.${kind}.p95`),
            ]),
            shown(point, 'push.sent'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
      ],
      dependence: {
        rule: `The advice is the policy that takes the least energy among those that bring urgent changes within ${formatValue('share', urgentSlack)} of the best median and ordinary ones within ${formatValue('ms', ordinaryWithinMs)}.`,
        moves: adviceMoves(result, advisePolicy),
        figure: tornadoOf(result, 'energy', 'importance', 'low left to the poll'),
        table: adviceTable(result, advisePolicy, {
          heading: 'Policy',
          candidate: 'low left to the poll',
          metrics: [
            { id: 'energy', title: 'Energy' },
            { id: 'staleness.high.p50', title: 'High p50' },
            { id: 'staleness.low.p50', title: 'Low p50' },
          ],
        }),
      },
      limits: [
        'The mix of importances is an assumption: a tenth of the personal and a twentieth of the team changes are high. Savings follow the share of what can wait.',
        'Phones are always reachable; what Doze and app standby hold back comes on top for messages that are not of high urgency.',
      ],
    };
  },
};
