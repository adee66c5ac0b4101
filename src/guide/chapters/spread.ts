import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';
import { adviceMoves, adviceTable, candidateOf, dependence, firstWithin } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';

const spreadMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'hybrid' ? policy.spreadMs : NaN;
};

/** Over how long either way spreads the fetches after one push. */
const widthMs = (point: PointSummary): number => {
  const { pushPolicy } = specOf(point);
  return pushPolicy.kind === 'staggered' ? pushPolicy.staggerMs * subscribersOf(point) : spreadMs(point);
};

const subscribersOf = (point: PointSummary): number => specOf(point).collectionGroups[0]?.members ?? NaN;

/** How much staler than the freshest a spread may make the median and still count as free. */
const free = 0.05;

const widestFree = (candidates: readonly PointSummary[]): PointSummary =>
  firstWithin(
    candidates.toSorted((a, b) => spreadMs(b) - spreadMs(a)),
    'staleness.p50',
    free,
  );
const adviseSpread = (candidates: readonly PointSummary[]): string => candidateOf(widestFree(candidates));

export const spread: Chapter = {
  id: 'spread',
  title: 'How wide devices must spread their fetch',
  question:
    'What does a random delay before the fetch save the server, what does it cost in freshness, and is it better to stagger the messages at the server?',
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
    const baseline = pointsOf(result, dependence).filter((point) => partsOf(point)[0] === 'baseline');
    const chosen = widestFree(baseline);
    const advised = candidateOf(chosen);
    const none = pointCalled(baseline, 'baseline · none');
    const ways = pointsOf(result, 'stagger or jitter');
    const way = (who: string, width: string) => pointCalled(ways, `${who} · ${width}`);
    const wide = ['devices wait · 20 s', 'server staggers · 20 s'].map((label) => pointCalled(ways, label));
    const [waits, staggers] = wide;
    if (waits === undefined || staggers === undefined) throw new RangeError('both ways are needed');
    return {
      answer:
        `Spread the fetches over as long as the server needs to answer them all: for 1000 subscribers and ${formatNumber(contactMs)} ms of server time each, ${formatNumber(queueS)} s, of which a spread of ${advised} costs the median nothing (${shown(chosen, 'staleness.p50')} against ${brief(none, 'staleness.p50')} without) ` +
        `and brings the slowest answers from ${brief(none, 'server.response.p99')} to ${brief(chosen, 'server.response.p99')} (99th percentile).`,
      paragraphs: [
        `Who spreads hardly matters, for how long does. Over 20 s, 99 % of the requests are answered within ${brief(staggers, 'server.response.p99')} when the server leaves 20 ms between the messages to two subscriptions, and within ${brief(waits, 'server.response.p99')} when devices wait at random; the median staleness is ${brief(staggers, 'staleness.p50')} and ${brief(waits, 'staleness.p50')}. Over 5 s, shorter than the work behind it, both leave a queue (${brief(way('server staggers', '5 s'), 'server.response.p99')} and ${brief(way('devices wait', '5 s'), 'server.response.p99')}, after ${brief(way('neither', 'none'), 'server.response.p99')} without either).`,
        'Staggering needs no word from the clients and works with those that ignore a spread, but keeps the server’s outbox busy for as long, and the delays of the push service blur it. A spread at the device also holds when a push service delivers all at once, as after its outage. A server that can do both should stagger, and ask for the spread as well.',
        `A push to 1000 devices is a herd: without a spread ${brief(large, 'server.peak')} arrive in the worst second, and the slowest of them waits ${brief(large, 'server.response.p99')} (99th percentile). With a spread of 15 s the peak is ${brief(at(1000, '15 s'), 'server.peak')} and that wait ${brief(at(1000, '15 s'), 'server.response.p99')}.`,
        `A spread shorter than the server’s own queue is free: up to ${advised} the median of 1000 subscribers stays where it was. A minute costs ${formatValue('ms', meanOf(at(1000, '1 min'), 'staleness.p50') - meanOf(large, 'staleness.p50'))} in the median.`,
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
        {
          id: 'spread-ways',
          title: 'Stagger at the server against waiting at the device',
          caption:
            '99th percentile of the response time with 1000 subscribers, when devices wait at random and when the server sends one message after the other over the same time. Both axes are logarithmic.',
          drawing: drawLines({
            points: ways
              .filter((point) => partsOf(point)[0] !== 'neither')
              .map((point) =>
                curvePoint(partsOf(point)[0] ?? '', widthMs(point), point, 'server.response.p99'),
              ),
            x: { title: 'Time over which the fetches are spread', unit: 'ms' },
            y: { title: 'Response time p99', unit: 'ms' },
            seriesTitle: 'Who spreads',
          }),
        },
      ],
      tables: [
        {
          title: 'Stagger or jitter, 1000 subscribers',
          columns: ['Who spreads', 'Over', 'Staleness p50', 'Staleness p95', 'Peak second', 'Response p99'],
          rows: ways.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'server.peak'),
            shown(point, 'server.response.p99'),
          ]),
        },
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
      dependence: {
        rule: `The advice is the widest spread that makes the median at most ${formatValue('share', free)} staler than the best.`,
        moves: adviceMoves(result, adviseSpread),
        figure: tornadoOf(result, 'staleness.p50', 'spread', advised),
        table: adviceTable(result, adviseSpread, {
          heading: 'Spread',
          candidate: advised,
          metrics: [
            { id: 'staleness.p50', title: 'Staleness p50' },
            { id: 'server.peak', title: 'Peak second' },
            { id: 'server.response.p99', title: 'Response p99' },
          ],
        }),
      },
      limits: [
        'The server is one worker with constant service times, slower than most, so that the effect shows with few devices; scale subscribers by your own speed.',
        'Nothing times out here. Clients that give up and try again turn a long queue into an outage.',
      ],
    };
  },
};
