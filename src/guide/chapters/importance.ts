import { sum } from 'simple-statistics';
import { drawLines, formatValue } from '../../report/index.ts';
import { importances } from '../../../sim/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { adviceMoves, adviceTable, candidateOf } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';
import {
  brief,
  changesPerDay,
  curvePoint,
  meanOf,
  partsOf,
  pointCalled,
  pointsOf,
  shown,
  specOf,
} from '../points.ts';

/** Share of the changes that a device sees which are of low importance. */
function lowShare(point: PointSummary): number {
  const groups = specOf(point).collectionGroups;
  const seen = groups.map((group) => changesPerDay(group) * group.perUser);
  const low = groups.map(
    ({ importance: { high, normal, low } }, index) => (seen[index] ?? 0) * (low / (high + normal + low)),
  );
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
    const background = pointsOf(result, 'in the background');
    const within = (system: string, policy: string) => pointCalled(background, `${system} · ${policy}`);
    const [free, used, seldom] = ['no rules', 'Android, app in use', 'Android, app seldom used'] as const;
    const [soon, urgent, polls] = ['all within 3 s', 'all marked urgent', 'polls every 15 min'] as const;
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
        `Doze holds back what is not of high urgency while a phone lies unused: with Android’s rules ordinary changes keep their median (${brief(within(used, soon), 'staleness.normal.p50')} instead of ${brief(within(free, soon), 'staleness.normal.p50')}), but their 95th percentile goes from ${brief(within(free, soon), 'staleness.normal.p95')} to ${brief(within(used, soon), 'staleness.normal.p95')}; urgent ones stay at ${brief(within(used, soon), 'staleness.high.p95')}. So importance must reach the message’s Urgency, or the system treats all alike. Marking everything urgent buys those minutes for ${formatValue('share', meanOf(within(used, urgent), 'energy') / meanOf(within(used, soon), 'energy') - 1)} more energy, until the system demotes the app for it, which is not modelled.`,
        `The rules for apps hardly touch push, which brings its own leave to use the network, but they delay polls: every 15 min gives a median of ${brief(within(free, polls), 'staleness.p50')} without rules, ${brief(within(used, polls), 'staleness.p50')} with Doze and ${brief(within(seldom, polls), 'staleness.p50')} for an app that is seldom opened (95th percentile ${brief(within(seldom, polls), 'staleness.p95')}).`,
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
        {
          title: 'What the operating system leaves of it, per phone and day',
          columns: [
            'System',
            'Policy',
            'High p50',
            'High p95',
            'Normal p50',
            'Normal p95',
            'Low p50',
            'Energy',
          ],
          rows: background.map((point) => [
            ...partsOf(point),
            ...['high.p50', 'high.p95', 'normal.p50', 'normal.p95', 'low.p50'].map((id) =>
              shown(point, `staleness.${id}`),
            ),
            shown(point, 'energy'),
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
        'How people use their phones through a day (screen, pocket, charger) is an assumption; it decides how long phones doze.',
      ],
    };
  },
};
