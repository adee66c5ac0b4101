import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import { adviceMoves, adviceTable } from '../advice.ts';
import { budgets, granted } from '../budget.ts';
import type { Chapter } from '../chapter.ts';
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

const intervalMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'fixed' ? policy.intervalMs : NaN;
};

/** Between places that were run no more than two digits are known. */
const minutes = (ms: number): string => `${formatNumber(Number((ms / 60_000).toPrecision(2)))} min`;

/** The interval at which polling takes this much of the battery a day, between the intervals that were run. */
function intervalFor(points: readonly PointSummary[], percent: number): string {
  const curve = points.map((point) => ({ x: intervalMs(point), y: meanOf(point, 'battery') }));
  const interval = crossing(curve, percent);
  if (interval !== undefined) return minutes(interval);
  const shortest = minutes(Math.min(...points.map(intervalMs)));
  const longest = minutes(Math.max(...points.map(intervalMs)));
  return curve.every(({ y }) => y < percent) ? `${shortest} or less` : `more than ${longest}`;
}

export const polling: Chapter = {
  id: 'polling',
  title: 'What polling costs',
  question:
    'How stale is polling, and what does each interval cost a phone on 3G, LTE, 5G and Wi-Fi, and the server?',
  write(result) {
    const points = pointsOf(result, 'intervals');
    const at = (radio: string, interval: string) => pointCalled(points, `${radio} · ${interval}`);
    const radios = [...new Set(points.map((point) => partsOf(point)[0] ?? ''))];
    const lte = points.filter((point) => partsOf(point)[0] === 'LTE');
    const quarter = at('LTE', '15 min');
    const perPollJ = meanOf(quarter, 'energy') / meanOf(quarter, 'wake-ups');
    const wifiShare = meanOf(at('Wi-Fi', '15 min'), 'energy') / meanOf(quarter, 'energy');
    const within = (radio: string, percent: number): string =>
      intervalFor(
        points.filter((point) => partsOf(point)[0] === radio),
        percent,
      );
    const advise = (candidates: readonly PointSummary[]): string => intervalFor(candidates, granted);
    return {
      answer:
        `Where ${formatNumber(granted)} % of a battery a day is granted to it, poll every ${within('LTE', granted)} on LTE and every ${within('Wi-Fi', granted)} on Wi-Fi: polling leaves half of all changes unseen for half its interval (${shown(quarter, 'staleness.p50')} at 15 min), ` +
        `and each wake-up of an LTE radio costs about ${formatValue('J/device-day', perPollJ)}: 15 min take ${shown(quarter, 'battery')} of a phone’s battery a day, ` +
        `1 min ${brief(at('LTE', '1 min'), 'battery')}, 1 h ${brief(at('LTE', '1 h'), 'battery')}.`,
      paragraphs: [
        `The price of a poll is the radio’s tail, not its bytes: ${shown(quarter, 'contacts.empty')} of the contacts at 15 min find nothing, and they cost as much as those that do.`,
        `On Wi-Fi the same polling takes ${formatValue('share', wifiShare)} of the energy, because its radio falls asleep within a quarter of a second.`,
        `On 5G it depends on the tail that the operator sets: ${brief(at('5G standalone', '15 min'), 'energy')} a day at 15 min on a standalone network, ${brief(at('5G non-standalone', '15 min'), 'energy')} on a non-standalone one, against ${brief(quarter, 'energy')} on LTE and ${brief(at('3G', '15 min'), 'energy')} on 3G. The powers of 5G radios are the weakest input of this guide.`,
        `A change of the interval trades staleness for battery in proportion, down to intervals of the length of the tail: at 1 min the median is still ${brief(at('LTE', '1 min'), 'staleness.p50')} for ${brief(at('LTE', '1 min'), 'energy')} a day.`,
        `A thousand phones that poll every 15 min put ${formatValue('1/s', (1000 * meanOf(quarter, 'server.mean')) / (quarter.runs[0]?.devices ?? NaN))} on the server, those that poll every minute ${formatValue('1/s', (1000 * meanOf(at('LTE', '1 min'), 'server.mean')) / (quarter.runs[0]?.devices ?? NaN))}.`,
      ],
      figures: [
        {
          id: 'polling-energy',
          title: 'Energy of polling',
          caption: 'Energy that polling adds to an idle radio, per phone and day. Both axes are logarithmic.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', intervalMs(point), point, 'energy'),
            ),
            x: { title: 'Interval between polls', unit: 'ms' },
            y: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
            seriesTitle: 'Radio',
          }),
        },
        {
          id: 'polling-staleness',
          title: 'Staleness of polling',
          caption: 'Median and 95th percentile of the time from a change to a phone having it.',
          drawing: drawLines({
            points: lte.flatMap((point) => [
              curvePoint('median', intervalMs(point), point, 'staleness.p50'),
              curvePoint('95th percentile', intervalMs(point), point, 'staleness.p95'),
            ]),
            x: { title: 'Interval between polls', unit: 'ms' },
            y: { title: 'Staleness', unit: 'ms' },
            seriesTitle: 'Quantile',
          }),
        },
      ],
      tables: [
        {
          title: 'The interval that a budget buys, by radio',
          columns: ['Radio', ...budgets.map((percent) => `${percent} % of the battery a day`)],
          rows: radios.map((radio) => [radio, ...budgets.map((percent) => within(radio, percent))]),
        },
        {
          title: 'A phone that polls, per day',
          columns: [
            'Interval',
            'Staleness p50',
            'Staleness p95',
            'Empty contacts',
            'Requests',
            'Bytes down',
            'Energy, LTE',
            'Battery, LTE',
          ],
          rows: lte.map((point) => [
            partsOf(point)[1] ?? '',
            shown(point, 'staleness.p50'),
            shown(point, 'staleness.p95'),
            shown(point, 'contacts.empty'),
            shown(point, 'requests'),
            shown(point, 'bytes.down'),
            shown(point, 'energy'),
            shown(point, 'battery'),
          ]),
        },
        {
          title: 'Energy of polling by radio, per phone and day',
          columns: ['Interval', ...radios],
          rows: lte.map((point) => {
            const interval = partsOf(point)[1] ?? '';
            return [interval, ...radios.map((radio) => shown(at(radio, interval), 'energy'))];
          }),
        },
      ],
      dependence: {
        rule: `The advice is the interval at which polling takes ${formatNumber(granted)} % of the battery a day, interpolated between the intervals that were run. How much to grant is a choice; the table of intervals shows others.`,
        moves: adviceMoves(result, advise),
        figure: tornadoOf(result, 'energy', 'polling', '15 min'),
        table: adviceTable(result, advise, {
          heading: 'Interval',
          candidate: '15 min',
          metrics: [
            { id: 'energy', title: 'Energy' },
            { id: 'battery', title: 'Battery' },
          ],
        }),
      },
      limits: [
        'The radio wakes for calendars alone. On a phone that is awake for other reasons, part of the polls ride along at no cost, so these are upper bounds.',
        'Phones always have a connection here; a phone in deep sleep is as stale as its next maintenance window.',
      ],
    };
  },
};
