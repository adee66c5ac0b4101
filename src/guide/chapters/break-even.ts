import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import {
  brief,
  changesPerDay,
  crossing,
  curvePoint,
  meanOf,
  partsOf,
  pointCalled,
  pointsOf,
  shown,
  specOf,
} from '../points.ts';
import { adviceMoves, adviceTable } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';

/** Changes a day that a device learns of: all of its collection but its own share. */
const seenPerDay = (point: PointSummary): number => {
  const [group] = specOf(point).collectionGroups;
  return group === undefined
    ? NaN
    : (changesPerDay(group) * group.perUser * (group.members - 1)) / group.members;
};

const own = 'push, not merged';
const shared = 'push, shared connection';
const merged = 'push, 1 min window';
const usual = `16 · ${shared}`;

/** Up to which rate push costs less energy than polling at the same rate; both lists go through the same rates. */
function cheaperUpTo(push: readonly PointSummary[], poll: readonly PointSummary[]): string {
  const ratios = push.map((point, index) => {
    const polled = poll[index];
    const y = polled === undefined ? NaN : meanOf(point, 'energy') / meanOf(polled, 'energy');
    return { x: seenPerDay(point), y };
  });
  const changes = crossing(ratios, 1);
  if (changes !== undefined)
    return `up to about ${formatNumber(Number(changes.toPrecision(2)))} changes a day`;
  return (ratios[0]?.y ?? NaN) < 1 ? 'at every rate tried' : 'at no rate tried';
}

export const breakEven: Chapter = {
  id: 'break-even',
  title: 'When push is worth it',
  question:
    'When does push cost a phone less than polling, and when more, by the number of changes it must learn of?',
  write(result) {
    const points = pointsOf(result, 'change rates');
    const curve = (policy: string) => points.filter((point) => partsOf(point)[0] === policy);
    const against = (push: string, poll: string): string => cheaperUpTo(curve(push), curve(poll));
    const advise = (candidates: readonly PointSummary[]): string => {
      const by = (policy: string) => candidates.filter((point) => partsOf(point).at(-1) === policy);
      return cheaperUpTo(by(shared), by('poll 15 min'));
    };
    const quiet = pointCalled(points, `${own} · 1`);
    const quietShared = pointCalled(points, `${shared} · 1`);
    const busy = '1024';
    const saved =
      1 -
      meanOf(pointCalled(points, `${merged} · ${busy}`), 'energy') /
        meanOf(pointCalled(points, `${own} · ${busy}`), 'energy');
    return {
      answer:
        `Push is always fresher; it is also cheaper than polling every 15 min ${against(own, 'poll 15 min')} when it keeps a connection of its own, ` +
        `and ${against(shared, 'poll 15 min')} when the system’s push connection is there anyway; beyond that, merge or poll.`,
      paragraphs: [
        `Keeping a connection alive for push alone costs an LTE phone ${formatValue('J/device-day', meanOf(quiet, 'energy') - meanOf(quietShared, 'energy'))} a day before the first message, which is more than polling every hour (${brief(pointCalled(points, 'poll 1 h · 1'), 'energy')}). Use the connection that the system already keeps.`,
        `Against polling once an hour, push on a shared connection is cheaper ${against(shared, 'poll 1 h')}, and push on a connection of its own ${against(own, 'poll 1 h')}.`,
        `In busy collections push without merging is the dearest policy of all: at ${formatNumber(seenPerDay(pointCalled(points, `${own} · ${busy}`)))} changes a day it takes ${shown(pointCalled(points, `${own} · ${busy}`), 'battery')} of the battery, against ${brief(pointCalled(points, `poll 15 min · ${busy}`), 'battery')} for polling every 15 min. A window of one minute saves ${formatValue('share', saved)} of that.`,
        `What push buys is freshness: a median of ${brief(pointCalled(points, `${own} · 16`), 'staleness.p50')} at 16 changes a day, against ${brief(pointCalled(points, 'poll 15 min · 16'), 'staleness.p50')} for polling every 15 min.`,
      ],
      figures: [
        {
          id: 'break-even-energy',
          title: 'Energy by change rate',
          caption:
            'Sync energy of a phone on LTE, per day. Where a push curve crosses a polling curve, both cost the same. Both axes are logarithmic.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', seenPerDay(point), point, 'energy'),
            ),
            x: { title: 'Changes a day that the phone must learn of', unit: 'count' },
            y: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            seriesTitle: 'Policy',
          }),
        },
        {
          id: 'break-even-requests',
          title: 'Requests by change rate',
          caption: 'Requests that one phone makes a day, whatever its radio.',
          drawing: drawLines({
            points: points
              .filter((point) => partsOf(point)[0] !== shared)
              .map((point) => curvePoint(partsOf(point)[0] ?? '', seenPerDay(point), point, 'requests')),
            x: { title: 'Changes a day that the phone must learn of', unit: 'count' },
            y: { title: 'Requests per phone and day', unit: 'count/device-day' },
            seriesTitle: 'Policy',
          }),
        },
      ],
      tables: [
        {
          title: 'Push is cheaper for an LTE phone',
          columns: ['Push', 'than polling every 15 min', 'than polling every hour', 'than polling every 4 h'],
          rows: [own, merged, shared].map((push) => [
            push,
            ...['poll 15 min', 'poll 1 h', 'poll 4 h'].map((poll) => against(push, poll)),
          ]),
        },
        {
          title: 'The same phone at each change rate, per day',
          columns: ['Policy', 'Changes seen', 'Staleness p50', 'Requests', 'Bytes down', 'Energy', 'Battery'],
          rows: points.map((point) => [
            partsOf(point)[0] ?? '',
            formatNumber(seenPerDay(point)),
            shown(point, 'staleness.p50'),
            shown(point, 'requests'),
            shown(point, 'bytes.down'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
      ],
      dependence: {
        rule: 'The advice is the rate of changes up to which push on a shared connection takes less energy than polling every 15 min.',
        moves: adviceMoves(result, advise),
        figure: tornadoOf(result, 'energy', 'break-even', usual),
        table: adviceTable(result, advise, {
          heading: 'Push is cheaper',
          candidate: usual,
          metrics: [
            { id: 'energy', title: 'Energy' },
            { id: 'staleness.p50', title: 'Staleness p50' },
          ],
        }),
      },
      limits: [
        'Changes arrive at random and evenly over the day. Bursts make merging more worth while than shown here.',
        'A device in the hand is awake anyway; then the energy of both is lower, and the freshness is what counts.',
      ],
    };
  },
};
