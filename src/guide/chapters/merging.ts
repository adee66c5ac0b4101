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
import { tornadoOf } from '../sensitivities.ts';

const windowMs = (point: PointSummary): number => {
  const policy = specOf(point).pushPolicy;
  return policy.kind === 'window' ? policy.windowMs : 0;
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
    return {
      answer:
        `Merge for 3 s by default and for 30 s where low delay is not needed: when people edit independently, a window of 30 s saves only ${saved(200, '30 s', 'push.sent')} of the messages at 200 changes a day, ` +
        `and ${saved(2000, '30 s', 'push.sent')} at 2000, for ${formatValue('ms', lateByMs(200, '30 s'))} of delay in the median.`,
      paragraphs: [
        `A window only helps when a second change falls into it. With changes at random that takes a busy collection: at 20 changes a day even 10 min save ${saved(20, '10 min', 'push.sent')} of the messages.`,
        `Every window costs its whole length for the change that opens it, so the median grows by ${formatValue('ms', lateByMs(20, '30 s'))} for a window of 30 s in a quiet collection, where nothing is merged.`,
        `At 2000 changes a day a window of 2 min brings the phone from ${brief(at(2000, 'none'), 'battery')} of its battery a day to ${brief(at(2000, '2 min'), 'battery')}.`,
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
        tornadoOf(result, 'push.sent', 'merging'),
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
      limits: [
        'How real calendars mix these patterns is not published; the share of mass edits decides how much merging saves.',
      ],
    };
  },
};
