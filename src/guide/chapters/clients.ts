import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import type { Chapter } from '../chapter.ts';
import { adviceMoves, adviceTable, candidateOf } from '../advice.ts';
import { tornadoOf } from '../sensitivities.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';

/** How many times fewer bytes a listing client fetches once it syncs by token. */
function adviseToken(candidates: readonly PointSummary[]): string {
  const bytes = (name: string): number => {
    const found = candidates.find((point) => candidateOf(point) === name);
    return found === undefined ? NaN : meanOf(found, 'bytes.down');
  };
  return `${formatNumber(Number((bytes('as shipped') / bytes('syncs by token')).toPrecision(2)), 2)} times fewer bytes`;
}

export const clients: Chapter = {
  id: 'clients',
  title: 'What clients cost as shipped',
  question:
    'What do DAVx5, Thunderbird, Evolution, vdirsyncer and Apple’s clients cost with their own requests and default intervals, and what would one change to each save?',
  write(result) {
    const points = pointsOf(result, 'as shipped');
    const at = (client: string, variant = 'as shipped') => pointCalled(points, `${client} · ${variant}`);
    const less = (client: string, variant: string, metricId: string): string =>
      formatValue('share', 1 - meanOf(at(client, variant), metricId) / meanOf(at(client), metricId));
    const times = (client: string, variant: string, metricId: string): string =>
      formatNumber(
        Number((meanOf(at(client), metricId) / meanOf(at(client, variant), metricId)).toPrecision(2)),
        2,
      );
    const tokenFactor = times('vdirsyncer', 'syncs by token', 'bytes.down');
    return {
      answer:
        `Let listing clients sync by token and let polling clients be pushed: sync-collection takes vdirsyncer from ${shown(at('vdirsyncer'), 'bytes.down')} a day to ${brief(at('vdirsyncer', 'syncs by token'), 'bytes.down')} (${tokenFactor} times less), ` +
        `and push takes an iOS-like client from ${brief(at('iOS model'), 'staleness.p50')} to ${brief(at('iOS model', 'with push'), 'staleness.p50')} in the median for ${less('iOS model', 'with push', 'energy')} less energy.`,
      paragraphs: [
        `DAVx5’s default of 4 h is the thriftiest of all (${brief(at('DAVx5'), 'battery')} of a phone’s battery a day) and the stalest: a median of ${brief(at('DAVx5'), 'staleness.p50')}. Push makes that ${brief(at('DAVx5', 'with push'), 'staleness.p50')} for ${brief(at('DAVx5', 'with push'), 'battery')}.`,
        `Most of what DAVx5 then fetches is the list of ETags of each changed calendar, ${brief(at('DAVx5', 'with push'), 'bytes.down')} a day; a client that asks by sync-collection needs ${formatValue('share', meanOf(at('macOS model', 'with push'), 'bytes.down') / meanOf(at('DAVx5', 'with push'), 'bytes.down'))} of that for the same changes (${brief(at('macOS model', 'with push'), 'bytes.down')}).`,
        `Thunderbird asks every calendar, every time. Asking the home once, and then only the calendars that changed, saves ${less('Thunderbird', 'asks the home first', 'requests')} of its requests, and with them that share of the server’s load, at equal freshness.`,
        `On laptops energy does not matter (at most ${brief(at('vdirsyncer'), 'battery')} of a phone-sized battery), so there push is worth its freshness: ${brief(at('macOS model', 'with push'), 'staleness.p50')} instead of ${brief(at('macOS model'), 'staleness.p50')}, with ${less('macOS model', 'with push', 'requests')} fewer requests.`,
      ],
      figures: [
        {
          id: 'clients-requests',
          title: 'Freshness against requests',
          caption:
            'One mark for each client as shipped and after its one change. Lower is fresher, further left is cheaper for the server. Both axes are logarithmic.',
          drawing: drawLines({
            points: points
              .toSorted((a, b) => meanOf(a, 'requests') - meanOf(b, 'requests'))
              .map((point) =>
                curvePoint(partsOf(point)[0] ?? '', meanOf(point, 'requests'), point, 'staleness.p50'),
              ),
            x: { title: 'Requests per device and day', unit: 'count/device-day' },
            y: { title: 'Median staleness', unit: 'ms' },
            seriesTitle: 'Client',
          }),
        },
      ],
      tables: [
        {
          title: 'Clients, per device and day',
          columns: [
            'Client',
            'Variant',
            'Radio',
            'Staleness p50',
            'Requests',
            'Empty contacts',
            'Bytes up',
            'Bytes down',
            'Energy',
          ],
          rows: points.map((point) => [
            partsOf(point)[0] ?? '',
            partsOf(point)[1] ?? '',
            specOf(point)
              .deviceGroups.map(({ radio }) => radio.name)
              .join(', '),
            shown(point, 'staleness.p50'),
            shown(point, 'requests'),
            shown(point, 'contacts.empty'),
            shown(point, 'bytes.up'),
            shown(point, 'bytes.down'),
            shown(point, 'energy'),
          ]),
        },
      ],
      dependence: {
        rule: 'The advice to sync by token rests on how many times fewer bytes down a client that lists its calendars would fetch.',
        moves: adviceMoves(result, adviseToken),
        figure: tornadoOf(result, 'bytes.down', 'clients', 'as shipped'),
        table: adviceTable(result, adviseToken, {
          heading: 'By token',
          candidate: 'as shipped',
          metrics: [
            { id: 'bytes.down', title: 'Bytes down' },
            { id: 'requests', title: 'Requests' },
          ],
        }),
      },
      limits: [
        'Profiles are read from the clients’ sources, the Apple ones from the models of a load test of 2012 to 2015; what those clients send today is not published.',
        'Three calendars of 300 objects each. Listing grows with the calendar, sync-collection with its changes.',
        'Syncs that people start by hand, and the first synchronisation, are left out.',
      ],
    };
  },
};
