import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import { adviceMoves, adviceTable, firstWithin } from '../advice.ts';
import { granted } from '../budget.ts';
import type { Chapter, GuideTable } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';
import { tornadoOf } from '../sensitivities.ts';
import { failureDay } from './failure-day.ts';

/** Requests a second from a thousand such devices. */
const perThousand = (point: PointSummary, metricId = 'server.mean'): number =>
  (1000 * meanOf(point, metricId)) / (point.runs[0]?.devices ?? NaN);
const rate = (point: PointSummary, metricId?: string): string =>
  formatValue('1/s', perThousand(point, metricId));

const fallbackMs = (point: PointSummary): number => {
  const policy = specOf(point).deviceGroups[0]?.syncPolicy;
  return policy?.kind === 'hybrid-fallback' ? policy.fallbackIntervalMs : NaN;
};

/** The shortest fall-back interval within the budget of the chapter on polling, of points at which push is down. */
export function adviseFallback(candidates: readonly PointSummary[]): string {
  const able = candidates
    .filter((point) => fallbackMs(point) > 0 && meanOf(point, 'battery') <= granted)
    .toSorted((a, b) => fallbackMs(a) - fallbackMs(b));
  return able[0] === undefined ? 'none of them' : formatInterval(fallbackMs(able[0]));
}

/** As the labels of the study write it. */
const formatInterval = (ms: number): string =>
  ms >= 3_600_000 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`;

/** How much more energy a short silence may cost while push works. */
const silenceEnergy = 0.1;

export const outage: Chapter = {
  id: 'outage',
  title: 'When push fails',
  question:
    'What happens when the push service fails, throttles or comes back, how should clients fall back, and what load must a server be sized for?',
  write(result) {
    const points = pointsOf(result, 'states');
    const up = (client: string) => pointCalled(points, `push works · ${client}`);
    const down = (client: string) => pointCalled(points, `push is down · ${client}`);
    const [four, day, quarter] = [
      'safety poll every 4 h',
      'safety poll every day',
      'falls back to 15 min',
    ] as const;
    const interval = adviseFallback(points.filter((point) => partsOf(point)[0] === 'push is down'));
    const advised = `falls back to ${interval}`;
    const growth = meanOf(down(quarter), 'server.mean') / meanOf(up(quarter), 'server.mean');
    const days = pointsOf(result, 'a day with a failure');
    const on = (label: string) => pointCalled(days, label);
    const silences = pointsOf(result, 'silence');
    const quiet = silences.filter((point) => partsOf(point)[0] === 'no failure');
    const silence = partsOf(firstWithin(quiet, 'energy', silenceEnergy))[1] ?? '';
    const failing = (label: string) => pointCalled(silences, `8 h of failure · ${label}`);
    const throttled = pointsOf(result, 'throttling');
    const limit = (over: string, policy: string) => pointCalled(throttled, `${over} · ${policy}`);
    const wait = on('messages wait');
    const spread = on('messages wait, devices spread over 5 min');
    return {
      answer:
        `A client that has heard no push for ${silence} should poll as if there were none, every ${interval}: that keeps the median at ${shown(down(advised), 'staleness.p50')} while push is down, ` +
        `against ${shown(down(four), 'staleness.p50')} with a safety poll every 4 h; and a server must be sized for the return of push, a busiest second of ${rate(wait, 'server.peak')} for a thousand phones, unless they spread it (over 5 min: ${rate(spread, 'server.peak')}).`,
      paragraphs: [
        `When push is down, the safety poll is all that is left: every 4 h means a median of ${brief(down(four), 'staleness.p50')}, once a day ${brief(down(day), 'staleness.p50')}. Nothing is lost, everything is late.`,
        `The mean load does not explode: falling back to 15 min multiplies it by ${formatNumber(growth, 2)}, to ${rate(down(quarter))} for a thousand phones, which is what polling every 15 min would have cost all along (${rate(down('polls every 15 min'))}). Falling back to ${interval} makes it ${rate(down(advised))}, after ${rate(up(advised))} while push works.`,
        `How long a silence to bear: in 8 h of failure, falling back after ${silence} holds the 95th percentile of the day at ${brief(failing(silence), 'staleness.p95')}, after 8 h of silence, which is too late, at ${brief(failing('8 h'), 'staleness.p95')}. A calendar without changes is silent too: the polls that a silence of 30 min leads to while all is well raise the energy from ${brief(pointCalled(quiet, 'no failure · never'), 'energy')} to ${brief(pointCalled(quiet, 'no failure · 30 min'), 'energy')} a day, those of ${silence} to ${brief(pointCalled(quiet, `no failure · ${silence}`), 'energy')}.`,
        `The return is the herd: when messages have waited for 8 h, they call everyone within seconds, ${formatNumber(meanOf(wait, 'server.peak') / meanOf(on('no failure'), 'server.peak'), 2)} times the busiest second of a day without failure (${rate(on('no failure'), 'server.peak')}). Devices that spread their fetches over a minute make it ${rate(on('messages wait, devices spread over 1 min'), 'server.peak')}, over 5 min ${rate(spread, 'server.peak')}. Where messages vanish instead, there is no herd (${rate(on('messages vanish'), 'server.peak')}), but phones stay stale until their safety poll: a 95th percentile of ${brief(on('messages vanish'), 'staleness.p95')} against ${brief(wait, 'staleness.p95')}.`,
        `A push service that throttles (20 messages at once, then one in 3 min) takes most of its freshness from a busy collection: without merging half of its changes wait ${brief(limit('messages wait', 'no window'), 'staleness.p50')}, although ${formatValue('share', 1 - meanOf(limit('messages wait', 'bucket of 20 at the server'), 'push.sent') / meanOf(limit('messages wait', 'no window'), 'push.sent'))} of the messages could be spared: a server that keeps the same bucket itself merges what would have waited and comes to ${brief(limit('messages wait', 'bucket of 20 at the server'), 'staleness.p50')}. Where such a service drops what is too much, the 95th percentile is ${brief(limit('messages vanish', 'no window'), 'staleness.p95')} without merging and ${brief(limit('messages vanish', '2 min window'), 'staleness.p95')} with a window of 2 min.`,
      ],
      figures: [
        failureDay(
          ['no failure', 'messages vanish', 'messages vanish, falls back after 2 h', 'messages wait'].map(on),
        ),
        stateFigure(points),
      ],
      tables: [
        sizesTable([
          ['push works', up(four)],
          ['push is down, safety poll every 4 h', down(four)],
          [`push is down, falls back to ${interval}`, down(advised)],
          ['push is down, falls back to 15 min', down(quarter)],
          ...days.map((point): [string, PointSummary] => [`8 h of failure: ${point.label}`, point]),
        ]),
        statesTable(points),
        {
          title: 'A busy collection behind a push service that throttles, 1000 changes a day',
          columns: [
            'Over the limit',
            'The server sends',
            'Staleness p50',
            'Staleness p95',
            'Time fresh',
            'Messages',
            'Energy',
          ],
          rows: throttled.map((point) => [
            ...partsOf(point),
            ...['staleness.p50', 'staleness.p95', 'fresh', 'push.sent', 'energy'].map((id) =>
              shown(point, id),
            ),
          ]),
        },
        {
          title: 'How long a silence to bear before falling back to 30 min',
          columns: ['The day', 'Silence', 'Staleness p50', 'Staleness p95', 'Time fresh', 'Energy'],
          rows: silences.map((point) => [
            ...partsOf(point),
            ...['staleness.p50', 'staleness.p95', 'fresh', 'energy'].map((id) => shown(point, id)),
          ]),
        },
      ],
      dependence: {
        rule: `The fall-back interval is the shortest that takes at most ${granted} % of the battery a day while push is down, as in the chapter on polling; the silence is the shortest that raises the energy of a day without failure by at most ${formatValue('share', silenceEnergy)}.`,
        moves: adviceMoves(result, adviseFallback),
        figure: tornadoOf(result, 'energy', 'outage', advised),
        table: adviceTable(result, adviseFallback, {
          heading: 'Fall-back interval',
          candidate: advised,
          metrics: [
            { id: 'staleness.p50', title: 'Staleness p50' },
            { id: 'energy', title: 'Energy' },
            { id: 'battery', title: 'Battery' },
          ],
        }),
      },
      limits: [
        'A push service that was down is taken to deliver what waited as soon as it is back; real senders retry with their own delays, which spreads the return.',
        'A client cannot tell a silent push service from a calendar without changes; the fall-back then costs polls that find nothing.',
      ],
    };
  },
};

const stateFigure = (points: readonly PointSummary[]) => ({
  id: 'outage-staleness',
  title: 'Freshness against energy, with push and without',
  caption:
    'Each mark is a client policy, once while push works and once while it is down. Lower is fresher, further left is cheaper. Both axes are logarithmic.',
  drawing: drawLines({
    points: points
      .toSorted((a, b) => meanOf(a, 'energy') - meanOf(b, 'energy'))
      .map((point) => curvePoint(partsOf(point)[0] ?? '', meanOf(point, 'energy'), point, 'staleness.p50')),
    x: { title: 'Sync energy per phone and day, J', unit: 'J/device-day' },
    y: { title: 'Median staleness', unit: 'ms' },
    seriesTitle: 'State',
  }),
});

const sizesTable = (situations: readonly (readonly [name: string, point: PointSummary])[]): GuideTable => ({
  title: 'What a server must be sized for, per 1000 phones',
  columns: ['Situation', 'Mean requests/s', 'Busiest second', 'Staleness p95'],
  rows: situations.map(([name, point]) => [
    name,
    rate(point),
    rate(point, 'server.peak'),
    shown(point, 'staleness.p95'),
  ]),
});

const statesTable = (points: readonly PointSummary[]): GuideTable => ({
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
  ],
  rows: points.map((point) => [
    ...partsOf(point),
    ...['staleness.p50', 'staleness.p95', 'fresh', 'energy', 'battery'].map((id) => shown(point, id)),
    rate(point),
  ]),
});
