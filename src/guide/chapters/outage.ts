import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown } from '../points.ts';

/** Requests a second from a thousand such devices. */
const perThousand = (point: PointSummary): number =>
  (1000 * meanOf(point, 'server.mean')) / (point.runs[0]?.devices ?? NaN);

export const outage: Chapter = {
  id: 'outage',
  title: 'When push fails',
  question:
    'What happens when the push service fails for long, how should clients fall back, and what load must a server be sized for?',
  write(result) {
    const points = pointsOf(result, 'states');
    const up = (client: string) => pointCalled(points, `push works · ${client}`);
    const down = (client: string) => pointCalled(points, `push is down · ${client}`);
    const [four, day, hour, quarter, poll] = [
      'safety poll every 4 h',
      'safety poll every day',
      'falls back to 1 h',
      'falls back to 15 min',
      'polls every 15 min',
    ] as const;
    const growth = meanOf(down(quarter), 'server.mean') / meanOf(up(quarter), 'server.mean');
    return {
      answer:
        `A client that has heard no push for hours should poll as if there were none: that keeps the median at ${shown(down(hour), 'staleness.p50')} with a poll every hour, ` +
        `against ${shown(down(four), 'staleness.p50')} with a safety poll every 4 h, and costs nothing while push works.`,
      paragraphs: [
        `While push works, a fall-back that waits for 8 h of silence is hardly ever taken: the energy is ${brief(up(quarter), 'energy')} a day with it and ${brief(up(four), 'energy')} without.`,
        `When push is down, the safety poll is all that is left: every 4 h means a median of ${brief(down(four), 'staleness.p50')}, once a day ${brief(down(day), 'staleness.p50')}. Nothing is lost, everything is late.`,
        `The mean load does not explode: falling back to 15 min multiplies it by ${formatNumber(growth, 2)}, to ${formatValue('1/s', perThousand(down(quarter)))} for a thousand phones, which is what polling every 15 min would have cost all along (${formatValue('1/s', perThousand(down(poll)))}). Falling back to 1 h keeps it at ${formatValue('1/s', perThousand(down(hour)))}, next to ${formatValue('1/s', perThousand(up(hour)))} while push works.`,
        `So size a server for the larger of two: the herd after a push (here a busiest second of ${brief(up(four), 'server.peak')} for a thousand phones, which a spread flattens) and the polling that its clients fall back to (${brief(down(quarter), 'server.peak')} at 15 min).`,
      ],
      figures: [
        {
          id: 'outage-staleness',
          title: 'Freshness against energy, with push and without',
          caption:
            'Each mark is a client policy, once while push works and once while it is down. Lower is fresher, further left is cheaper. Both axes are logarithmic.',
          drawing: drawLines({
            points: points
              .toSorted((a, b) => meanOf(a, 'energy') - meanOf(b, 'energy'))
              .map((point) =>
                curvePoint(partsOf(point)[0] ?? '', meanOf(point, 'energy'), point, 'staleness.p50'),
              ),
            x: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            y: { title: 'Median staleness', unit: 'ms' },
            seriesTitle: 'State',
          }),
        },
      ],
      tables: [
        {
          title: 'Client policies while push works and while it is down',
          columns: [
            'State',
            'Client',
            'Staleness p50',
            'Staleness p95',
            'Time fresh',
            'Energy',
            'Battery',
            'Requests/s per 1000',
            'Peak second per 1000',
          ],
          rows: points.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'fresh'),
            shown(point, 'energy'),
            shown(point, 'battery'),
            formatValue('1/s', perThousand(point)),
            formatValue('1/s', (1000 * meanOf(point, 'server.peak')) / (point.runs[0]?.devices ?? NaN)),
          ]),
        },
      ],
      limits: [
        'Push is down for the whole time, so these are the two steady states. The hour of the failure and the hour of the return, when messages that were kept arrive together, are not shown.',
        'A client cannot tell a silent push service from a calendar without changes; the fall-back then costs polls that find nothing.',
      ],
    };
  },
};
