import { drawLines, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';
import { tornadoOf } from '../sensitivities.ts';

const safetyMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'hybrid' ? policy.safetyIntervalMs : NaN;
};

export const safetyPoll: Chapter = {
  id: 'safety-poll',
  title: 'How seldom a client may poll while push works',
  question: 'How does the safety interval trade against messages that are lost?',
  write(result) {
    const points = pointsOf(result, 'lost messages');
    const at = (loss: string, interval: string) => pointCalled(points, `${loss} · ${interval}`);
    const saving = 1 - meanOf(at('no loss', '4 h'), 'energy') / meanOf(at('no loss', '15 min'), 'energy');
    const further = 1 - meanOf(at('no loss', '1 d'), 'energy') / meanOf(at('no loss', '4 h'), 'energy');
    return {
      answer:
        `Poll every 4 h as a safety net: it keeps phones fresh ${shown(at('1 % lost', '4 h'), 'fresh')} of the time when 1 % of the messages vanish, ` +
        `and costs ${formatValue('share', saving)} less energy than a safety poll every 15 min.`,
      paragraphs: [
        `While every message arrives the safety poll changes nothing but the bill: the median is ${brief(at('no loss', '4 h'), 'staleness.p50')} whatever the interval.`,
        `Going further, from 4 h to a day, saves another ${formatValue('share', further)} of the energy, but lets a lost message hide a change for up to a day: with 5 % lost the mean staleness grows from ${brief(at('5 % lost', '4 h'), 'staleness.mean')} to ${brief(at('5 % lost', '1 d'), 'staleness.mean')}.`,
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
        tornadoOf(result, 'staleness.mean', 'safety-poll'),
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
      limits: [
        'Messages vanish independently of each other here; an outage of the push service loses them all at once.',
      ],
    };
  },
};
