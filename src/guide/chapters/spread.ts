import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';
import { tornadoOf } from '../sensitivities.ts';

const spreadMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'hybrid' ? policy.spreadMs : NaN;
};

const subscribersOf = (point: PointSummary): number => specOf(point).collectionGroups[0]?.members ?? NaN;

export const spread: Chapter = {
  id: 'spread',
  title: 'How wide devices must spread their fetch',
  question: 'What does a random delay before the fetch save the server, and what does it cost in freshness?',
  write(result) {
    const points = pointsOf(result, 'spreads');
    const at = (subscribers: number, spread: string) =>
      pointCalled(points, `${subscribers} subscribers · ${spread}`);
    const large = at(1000, 'none');
    /** Worker time of the contact that one push leads to. */
    const contactMs = (() => {
      const service = specOf(large).server.serviceMs;
      return (['sync-token', 'sync-collection', 'multiget'] as const).reduce((sum, kind) => {
        const time = service[kind];
        return sum + (time.kind === 'constant' ? time.value : NaN);
      }, 0);
    })();
    const queueS = (1000 * contactMs) / 1000;
    return {
      answer:
        `Spread the fetches over as long as the server needs to answer them all, and no longer: below that the queue does the waiting, above it the phones do; ` +
        `for 1000 subscribers and ${formatNumber(contactMs)} ms of server time each that is ${formatNumber(queueS)} s, where a spread of 15 s leaves the median at ${shown(at(1000, '15 s'), 'staleness.p50')} against ${brief(large, 'staleness.p50')} without.`,
      paragraphs: [
        `A push to 1000 devices is a herd: without a spread ${brief(large, 'server.peak')} arrive in the worst second, and the slowest of them waits ${brief(large, 'server.response.p99')} (99th percentile). With a spread of 15 s the peak is ${brief(at(1000, '15 s'), 'server.peak')} and that wait ${brief(at(1000, '15 s'), 'server.response.p99')}.`,
        `A spread shorter than the server’s own queue is free: up to 15 s the median of 1000 subscribers stays where it was. A minute costs ${formatValue('ms', meanOf(at(1000, '1 min'), 'staleness.p50') - meanOf(large, 'staleness.p50'))} in the median.`,
        `With 200 subscribers the whole herd is served within ${formatNumber((200 * contactMs) / 1000)} s, and spreading over a minute only makes people wait: ${brief(at(200, '1 min'), 'staleness.p50')} instead of ${brief(at(200, 'none'), 'staleness.p50')}.`,
        'So the server, which knows its subscribers and its speed, should set the spread: subscribers × seconds of work for each ÷ workers.',
      ],
      figures: [
        {
          id: 'spread-response',
          title: 'Waiting at the server',
          caption:
            '99th percentile of the response time of requests, by the spread and the number of subscribers. Both axes are logarithmic; no spread is left out.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', spreadMs(point), point, 'server.response.p99'),
            ),
            x: { title: 'Spread of the fetches', unit: 'ms' },
            y: { title: 'Response time p99', unit: 'ms' },
            seriesTitle: 'Subscribers',
          }),
        },
        {
          id: 'spread-staleness',
          title: 'Freshness under a spread',
          caption:
            'Median staleness by the spread: flat while the server’s queue is longer than the spread, then half of it.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', spreadMs(point), point, 'staleness.p50'),
            ),
            x: { title: 'Spread of the fetches', unit: 'ms' },
            y: { title: 'Median staleness', unit: 'ms' },
            seriesTitle: 'Subscribers',
          }),
        },
        tornadoOf(result, 'staleness.p50', 'spread'),
      ],
      tables: [
        {
          title: 'Spreads',
          columns: [
            'Subscribers',
            'Spread',
            'Staleness p50',
            'Staleness p95',
            'Peak second',
            'Response p50',
            'Response p99',
            'Battery',
          ],
          rows: points.map((point) => [
            formatNumber(subscribersOf(point)),
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'server.peak'),
            shown(point, 'server.response.p50'),
            shown(point, 'server.response.p99'),
            shown(point, 'battery'),
          ]),
        },
      ],
      limits: [
        'The server is one worker with constant service times, slower than most, so that the effect shows with few devices; scale subscribers by your own speed.',
        'Nothing times out here. Clients that give up and try again turn a long queue into an outage.',
      ],
    };
  },
};
