import { drawLines, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { adviceMoves, adviceTable, candidateOf, firstWithin } from '../advice.ts';
import {
  brief,
  crossing,
  curvePoint,
  meanOf,
  partsOf,
  pointCalled,
  pointsOf,
  shown,
  specOf,
} from '../points.ts';
import { tornadoOf } from '../sensitivities.ts';

const safetyMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'hybrid' ? policy.safetyIntervalMs : NaN;
};

/** How much more energy than the thriftiest a safety interval may take. */
const extraEnergy = 0.1;
/** How much of the time phones should be fresh. */
const freshEnough = 0.99;

const adviseInterval = (candidates: readonly PointSummary[]): string =>
  candidateOf(
    firstWithin(
      candidates.toSorted((a, b) => safetyMs(a) - safetyMs(b)),
      'energy',
      extraEnergy,
    ),
  );

export const safetyPoll: Chapter = {
  id: 'safety-poll',
  title: 'How seldom a client may poll while push works',
  question: 'How does the safety interval trade against messages that are lost?',
  write(result) {
    const points = pointsOf(result, 'lost messages');
    const at = (loss: string, interval: string) => pointCalled(points, `${loss} · ${interval}`);
    const advised = adviseInterval(points.filter((point) => partsOf(point)[0] === 'no loss'));
    const saving = 1 - meanOf(at('no loss', advised), 'energy') / meanOf(at('no loss', '15 min'), 'energy');
    const further = 1 - meanOf(at('no loss', '1 d'), 'energy') / meanOf(at('no loss', advised), 'energy');
    const stale = points
      .filter((point) => partsOf(point)[1] === advised)
      .map((point) => ({ x: specOf(point).pushService.loss, y: 1 - meanOf(point, 'fresh') }))
      .filter(({ x }) => x > 0);
    const bearable = crossing(stale, 1 - freshEnough);
    return {
      answer:
        `Poll every ${advised} as a safety net: it keeps phones fresh ${shown(at('1 % lost', advised), 'fresh')} of the time when 1 % of the messages vanish, ` +
        `and costs ${formatValue('share', saving)} less energy than a safety poll every 15 min.`,
      paragraphs: [
        `While every message arrives the safety poll changes nothing but the bill: the median is ${brief(at('no loss', '4 h'), 'staleness.p50')} whatever the interval.`,
        `Going further, from ${advised} to a day, saves another ${formatValue('share', further)} of the energy, but lets a lost message hide a change for up to a day: with 5 % lost the mean staleness grows from ${brief(at('5 % lost', advised), 'staleness.mean')} to ${brief(at('5 % lost', '1 d'), 'staleness.mean')}.`,
        bearable === undefined
          ? `At every loss tried phones are on the same side of ${formatValue('share', freshEnough)} fresh time.`
          : `It keeps phones fresh ${formatValue('share', freshEnough)} of the time up to a loss of ${formatValue('share', Number(bearable.toPrecision(2)))}.`,
        `A push service that loses one message in five must be polled beside: even every 15 min the 95th percentile is ${brief(at('20 % lost', '15 min'), 'staleness.p95')}. Shorten the interval when messages are seen to be missing.`,
        'The next change in the same collection also brings what a lost message hid, so busy collections need the safety poll least.',
      ],
      figures: [
        {
          id: 'safety-poll-staleness',
          title: 'Mean staleness by safety interval',
          caption:
            'Mean over all changes and phones, for four shares of messages that vanish. Both axes are logarithmic.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', safetyMs(point), point, 'staleness.mean'),
            ),
            x: { title: 'Safety interval', unit: 'ms' },
            y: { title: 'Mean staleness', unit: 'ms' },
            seriesTitle: 'Loss',
          }),
        },
        {
          id: 'safety-poll-energy',
          title: 'Energy by safety interval',
          caption: 'Sync energy of a phone on LTE, per day; losses hardly change it.',
          drawing: drawLines({
            points: points
              .filter((point) => ['no loss', '20 % lost'].includes(partsOf(point)[0] ?? ''))
              .map((point) => curvePoint(partsOf(point)[0] ?? '', safetyMs(point), point, 'energy')),
            x: { title: 'Safety interval', unit: 'ms' },
            y: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            seriesTitle: 'Loss',
          }),
        },
      ],
      tables: [
        {
          title: 'Safety intervals, per phone and day',
          columns: [
            'Messages',
            'Interval',
            'Mean staleness',
            'Staleness p95',
            'Staleness p99',
            'Time fresh',
            'Energy',
            'Battery',
          ],
          rows: points.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.mean'),
            shown(point, 'staleness.p95'),
            shown(point, 'staleness.p99'),
            shown(point, 'fresh'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
      ],
      dependence: {
        rule: `The advice is the shortest interval that takes at most ${formatValue('share', extraEnergy)} more energy than the thriftiest, so that going on would save little.`,
        moves: adviceMoves(result, adviseInterval),
        figure: tornadoOf(result, 'staleness.mean', 'safety-poll', advised),
        table: adviceTable(result, adviseInterval, {
          heading: 'Safety interval',
          candidate: advised,
          metrics: [
            { id: 'staleness.mean', title: 'Mean staleness' },
            { id: 'fresh', title: 'Time fresh' },
            { id: 'energy', title: 'Energy' },
          ],
        }),
      },
      limits: [
        'Messages vanish independently of each other here; an outage of the push service loses them all at once.',
      ],
    };
  },
};
