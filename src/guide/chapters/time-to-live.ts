import { drawLines, formatValue } from '../../report/index.ts';
import { quantileOf } from '../../../sim/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { adviceMoves, adviceTable, candidateOf, firstWithin } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';

const ttlMs = (point: PointSummary): number => {
  const policy = specOf(point).pushPolicy;
  return policy.kind === 'window' ? 1000 * policy.ttlSeconds : NaN;
};

/** How much staler than with the longest keeping a time to live may leave phones. */
const slack = 0.02;

const adviseTtl = (candidates: readonly PointSummary[]): string =>
  candidateOf(
    firstWithin(
      candidates.toSorted((a, b) => ttlMs(a) - ttlMs(b)),
      'staleness.mean',
      slack,
    ),
  );

/** The absence that only one in `of` outlasts, ms; NaN where devices are never away. */
function longAbsenceMs(point: PointSummary, of: number): number {
  const length = specOf(point).deviceGroups[0]?.connectivity?.spells?.lengthMs;
  return length === undefined ? NaN : quantileOf(length, 1 - 1 / of);
}

export const timeToLive: Chapter = {
  id: 'time-to-live',
  title: 'How long a message should be kept',
  question:
    'What time to live should messages have for devices that are away at times, and what does a topic save?',
  write(result) {
    const points = pointsOf(result, 'kept messages');
    const often = (ttl: string) => pointCalled(points, `safety poll every 4 h · ${ttl}`);
    const seldom = (ttl: string) => pointCalled(points, `safety poll every day · ${ttl}`);
    const bare = (ttl: string) => pointCalled(points, `every day, without topic · ${ttl}`);
    const delivered = (point: PointSummary): number =>
      point.runs.reduce((sum, { push }) => sum + push.delivered, 0);
    const advised = adviseTtl(points.filter((point) => partsOf(point)[0] === 'safety poll every day'));
    const away = seldom('1 d');
    return {
      answer:
        `Keep messages for ${advised} or longer: with a safety poll every day that holds the mean staleness at ${shown(seldom(advised), 'staleness.mean')}, a day’s keeping at ${brief(seldom('1 d'), 'staleness.mean')}, none at all lets it grow to ${shown(seldom('none'), 'staleness.mean')}; ` +
        `with a safety poll every 4 h it is ${brief(often(advised), 'staleness.mean')} with and ${brief(often('none'), 'staleness.mean')} without.`,
      paragraphs: [
        'While a device is away its changes age whatever the server does; what the time to live decides is how long they go on ageing once it is back. A message that was kept brings it up to date at once, without one it waits for the next change or the next safety poll.',
        `Most of the gain comes early: of what a day brings, ${formatValue('share', gainOf(seldom('none'), seldom('1 h'), seldom('1 d')))} is there with 1 h, ${formatValue('share', gainOf(seldom('none'), seldom('4 h'), seldom('1 d')))} with 4 h: the message that counts is the newest, and it is seldom much older when the device comes back.`,
        `Keeping costs nearly nothing: ${brief(seldom('1 d'), 'energy')} a day with a time to live of a day, ${brief(seldom('none'), 'energy')} with none.`,
        `A topic lets a newer message replace one that waits, so a device that comes back gets one message for each collection instead of one for each change: ${formatValue('share', 1 - delivered(seldom('1 d')) / delivered(bare('1 d')))} fewer are delivered, for the same freshness. Where a push service keeps only so many messages, that is what keeps the last from being dropped.`,
        `A subscription should outlive the longest absence that is to be bridged, and be renewed well before it ends: of the absences assumed here one in a hundred is longer than ${formatValue('ms', longAbsenceMs(away, 100))} and one in a thousand longer than ${formatValue('ms', longAbsenceMs(away, 1000))}. The draft asks for three days at least; a lifetime of three days that is renewed daily bridges two days at any time.`,
      ],
      figures: [
        {
          id: 'time-to-live-staleness',
          title: 'Mean staleness by time to live',
          caption:
            'Mean over all changes and phones that are away four times a day. No time to live is left out; both axes are logarithmic.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', ttlMs(point), point, 'staleness.mean'),
            ),
            x: { title: 'Time to live of a message', unit: 'ms' },
            y: { title: 'Mean staleness', unit: 'ms' },
            seriesTitle: 'Client',
          }),
        },
      ],
      tables: [
        {
          title: 'Times to live, per phone and day',
          columns: [
            'Client',
            'Time to live',
            'Mean staleness',
            'Staleness p95',
            'Time fresh',
            'Messages delivered',
            'Energy',
            'Battery',
          ],
          rows: points.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.mean'),
            shown(point, 'staleness.p95'),
            shown(point, 'fresh'),
            formatValue('count', delivered(point)),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
      ],
      dependence: {
        rule: `The advice is the shortest time to live whose mean staleness is within ${formatValue('share', slack)} of the best.`,
        moves: adviceMoves(result, adviseTtl),
        figure: tornadoOf(result, 'staleness.mean', 'time-to-live', advised),
        table: adviceTable(result, adviseTtl, {
          heading: 'Time to live',
          candidate: advised,
          metrics: [
            { id: 'staleness.mean', title: 'Mean staleness' },
            { id: 'fresh', title: 'Time fresh' },
          ],
        }),
      },
      limits: [
        'Absences are an assumption: four a day, half of them shorter than half an hour, one in twenty longer than six hours.',
        'Clients are taken to poll when a safety poll that fell into an absence is over; some poll whenever they come back, which makes the time to live matter less.',
      ],
    };
  },
};

/** Share of the whole gain in mean staleness that is there with something less. */
const gainOf = (none: PointSummary, some: PointSummary, whole: PointSummary): number =>
  (meanOf(none, 'staleness.mean') - meanOf(some, 'staleness.mean')) /
  (meanOf(none, 'staleness.mean') - meanOf(whole, 'staleness.mean'));
