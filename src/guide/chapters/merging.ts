import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
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
import { adviceMoves, adviceTable, candidateOf } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';

const windowMs = (point: PointSummary): number => {
  const policy = specOf(point).pushPolicy;
  return policy.kind === 'window' ? policy.windowMs : 0;
};

/** What a second of delay must save of a phone's energy for a longer window to be worth it. */
const priceOfASecond = 0.005;
const price = `${formatNumber(100 * priceOfASecond, 1)} %`;

/** The longest window that, against none, saves the price for each second that it puts off the median. */
function worthwhile(candidates: readonly PointSummary[]): PointSummary {
  const ordered = candidates.toSorted((a, b) => windowMs(a) - windowMs(b));
  const [none] = ordered;
  if (none === undefined) throw new RangeError('there is no window to choose from');
  const saved = (point: PointSummary): number => 1 - meanOf(point, 'energy') / meanOf(none, 'energy');
  const seconds = (point: PointSummary): number =>
    (meanOf(point, 'staleness.p50') - meanOf(none, 'staleness.p50')) / 1000;
  return ordered.findLast((point) => saved(point) >= priceOfASecond * seconds(point)) ?? none;
}

/** The shortest window that leaves out at least half of the messages that the longest one leaves out. */
function halfway(candidates: readonly PointSummary[]): PointSummary {
  const ordered = candidates.toSorted((a, b) => windowMs(a) - windowMs(b));
  const [none, longest] = [ordered[0], ordered.at(-1)];
  if (none === undefined || longest === undefined) throw new RangeError('there is no window to choose from');
  const enough = (meanOf(none, 'push.sent') + meanOf(longest, 'push.sent')) / 2;
  return ordered.find((point) => meanOf(point, 'push.sent') <= enough) ?? longest;
}

const adviseWindow = (candidates: readonly PointSummary[]): string => {
  const window = candidateOf(worthwhile(candidates));
  return window === 'none' ? 'no window' : window;
};

export const merging: Chapter = {
  id: 'merging',
  title: 'How long a server should merge',
  question:
    'What does a merge window save in messages and battery, by the pattern of changes, and what does it cost in freshness; is a window from the first change or waiting for quiet better?',
  write(result) {
    const points = pointsOf(result, 'windows');
    const at = (rate: number, window: string) => pointCalled(points, `${rate} changes a day · ${window}`);
    const saved = (rate: number, window: string, metricId: string): string =>
      formatValue('share', 1 - meanOf(at(rate, window), metricId) / meanOf(at(rate, 'none'), metricId));
    const lateByMs = (rate: number, window: string): number =>
      meanOf(at(rate, window), 'staleness.p50') - meanOf(at(rate, 'none'), 'staleness.p50');
    const patterns = pointsOf(result, 'patterns');
    const pattern = (changes: string, policy: string) => pointCalled(patterns, `${changes} · ${policy}`);
    const savedBy = (changes: string, policy: string): string =>
      formatValue(
        'share',
        1 -
          meanOf(pattern(changes, policy), 'push.sent') / meanOf(pattern(changes, 'no window'), 'push.sent'),
      );
    const quiet = '10 s of quiet, at most 2 min';
    const edits = specOf(pattern('mass edits of 20', 'no window')).collectionGroups[0]?.changes;
    const editSize = edits?.kind === 'bursts' && edits.size.kind === 'constant' ? edits.size.value : NaN;
    const atRate = (rate: number): string =>
      adviseWindow(points.filter((point) => partsOf(point)[0] === `${rate} changes a day`));
    const edited = patterns.filter(
      (point) =>
        partsOf(point)[0] === 'mass edits of 20' &&
        ['window', 'immediate'].includes(specOf(point).pushPolicy.kind),
    );
    const usual = halfway(edited);
    const usualMs = windowMs(usual);
    const usualWindow = formatValue('ms', usualMs);
    const quietDelayMs =
      meanOf(pattern('at random', `${usualWindow} window`), 'staleness.p50') -
      meanOf(pattern('at random', 'no window'), 'staleness.p50');
    return {
      answer:
        `Merge for ${usualWindow} where nothing is known of a collection: that leaves out ${savedBy('mass edits of 20', `${usualWindow} window`)} of the messages of a mass edit and puts off other changes by ${formatValue('ms', quietDelayMs)} in the median; ` +
        `longer only in busy collections: people who edit independently make a window of 30 s save ${saved(200, '30 s', 'push.sent')} of the messages at 200 changes a day and ${saved(2000, '30 s', 'push.sent')} at 2000, for ${formatValue('ms', lateByMs(200, '30 s'))} of delay.`,
      paragraphs: [
        `A window only helps when a second change falls into it. With changes at random that takes a busy collection: at 20 changes a day even 10 min save ${saved(20, '10 min', 'push.sent')} of the messages.`,
        `Every window costs its whole length for the change that opens it, so the median grows by ${formatValue('ms', lateByMs(20, '30 s'))} for a window of 30 s in a quiet collection, where nothing is merged.`,
        `At 2000 changes a day a window of 2 min brings the phone from ${brief(at(2000, 'none'), 'battery')} of its battery a day to ${brief(at(2000, '2 min'), 'battery')}.`,
        `If a second of delay must save ${price} of the phone’s energy, the longest that pays is ${atRate(20)} at 20 independent changes a day, ${atRate(200)} at 200 and ${atRate(2000)} at 2000.`,
        `The pattern matters more than the rate. When ${formatNumber(editSize)} objects are edited within a minute, a window of 3 s leaves out ${savedBy('mass edits of 20', '3 s window')} of the messages and one of 30 s ${savedBy('mass edits of 20', '30 s window')}; of changes at random, as many a day, they leave out ${savedBy('at random', '3 s window')} and ${savedBy('at random', '30 s window')}.`,
        `Waiting for quiet instead of a fixed time gives mass edits one message at their end: 10 s of quiet, at most 2 min, leave out ${savedBy('mass edits of 20', quiet)} of the messages with a median staleness of ${brief(pattern('mass edits of 20', quiet), 'staleness.p50')}, where a window of 30 s has ${brief(pattern('mass edits of 20', '30 s window'), 'staleness.p50')}. Invitations, whose answers come over hours, gain little from any of them (${savedBy('invitations of 12', quiet)}).`,
        'The closed form agrees: changes at a rate L, merged by a window of W that the first of them opens, leave L / (1 + L·W) messages.',
      ],
      figures: [
        {
          id: 'merging-messages',
          title: 'Messages that are left',
          caption:
            'Push messages a day for one phone, by the window, for three change rates. Without a window each change is a message.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', windowMs(point), point, 'push.sent'),
            ),
            x: { title: 'Merge window', unit: 'ms' },
            y: { title: 'Messages per phone and day', unit: 'count/device-day' },
            seriesTitle: 'Changes',
          }),
        },
        {
          id: 'merging-trade',
          title: 'Freshness against energy',
          caption: 'Each mark is a window; to the right it is longer. Energy of a phone on LTE.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', meanOf(point, 'staleness.p50'), point, 'energy'),
            ),
            x: { title: 'Median staleness', unit: 'ms' },
            y: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            seriesTitle: 'Changes',
          }),
        },
      ],
      tables: [
        {
          title: 'Windows, per phone and day',
          columns: [
            'Changes a day',
            'Window',
            'Staleness p50',
            'Staleness p95',
            'Messages',
            'Requests',
            'Energy',
            'Battery',
          ],
          rows: points.map((point) => [
            specOf(point)
              .collectionGroups.map((group) => formatNumber(changesPerDay(group)))
              .join(', '),
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'push.sent'),
            shown(point, 'requests'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
        {
          title: 'First-change window against waiting for quiet, by pattern of changes',
          columns: ['Changes', 'Policy', 'Staleness p50', 'Staleness p95', 'Messages', 'Energy', 'Battery'],
          rows: patterns.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'push.sent'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
      ],
      dependence: {
        rule: `Where the pattern is unknown the advice is the shortest window that leaves out at least half of the messages of mass edits that the longest leaves out. Where it is known, it is the longest window that saves ${price} of the phone’s energy for each second it adds to the median; that price is a choice. The table shows the latter.`,
        moves: adviceMoves(result, adviseWindow),
        figure: tornadoOf(result, 'push.sent', 'merging', '30 s'),
        table: adviceTable(result, adviseWindow, {
          heading: 'Window',
          candidate: '30 s',
          metrics: [
            { id: 'push.sent', title: 'Messages' },
            { id: 'staleness.p50', title: 'Staleness p50' },
            { id: 'energy', title: 'Energy' },
          ],
        }),
      },
      limits: [
        'How real calendars mix these patterns is not published; the share of mass edits decides how much merging saves.',
      ],
    };
  },
};
