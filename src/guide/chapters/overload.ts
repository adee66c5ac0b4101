import { drawLines, formatNumber, formatValue } from '../../report/index.ts';
import type { PointSummary } from '../../results/index.ts';
import { adviceMoves, adviceTable, candidateOf } from '../advice.ts';
import type { Chapter } from '../chapter.ts';
import { brief, curvePoint, meanOf, partsOf, pointCalled, pointsOf, shown, specOf } from '../points.ts';
import { tornadoOf } from '../sensitivities.ts';

/** What one request takes of a worker; the server of this study takes the same for all. */
function workMs(point: PointSummary): number {
  const service = specOf(point).server.serviceMs['sync-token'];
  return service.kind === 'constant' ? service.value : NaN;
}

/** Work that polls at the usual interval ask for, as a multiple of what the workers can do. */
function demandOf(point: PointSummary): number {
  const { users, deviceGroups, collectionGroups, server } = specOf(point);
  const policy = deviceGroups[0]?.syncPolicy;
  const intervalMs = policy?.kind === 'fixed' || policy?.kind === 'server-paced' ? policy.intervalMs : NaN;
  const calendars = collectionGroups.reduce((sum, { perUser }) => sum + perUser, 0);
  return (users * calendars * workMs(point)) / (intervalMs * server.workers);
}

const spanMs = (point: PointSummary): number => specOf(point).server.pacing?.overMs ?? NaN;

/** The way that leaves phones least stale at worst; ways under which nothing arrives are out of the question. */
function adviseWay(candidates: readonly PointSummary[]): string {
  const alive = candidates.filter((point) => Number.isFinite(meanOf(point, 'staleness.p95')));
  const [best] = alive.toSorted((a, b) => meanOf(a, 'staleness.p95') - meanOf(b, 'staleness.p95'));
  return best === undefined ? 'none of them' : candidateOf(best);
}

const figures = [
  'staleness.p50',
  'staleness.p95',
  'fresh',
  'failures.share',
  'server.peak',
  'energy',
] as const;
const figureTitles = [
  'Staleness p50',
  'Staleness p95',
  'Time fresh',
  'Requests in vain',
  'Peak second',
  'Energy',
];

export const overload: Chapter = {
  id: 'overload',
  title: 'How a server should pace its clients',
  question:
    'What should a server that is asked for more than it can do tell its clients: nothing, to come back later, or to come less often?',
  write(result) {
    const points = pointsOf(result, 'ways');
    const demand = 'one and a half times';
    const at = (way: string, load = demand) => pointCalled(points, `${load} · ${way}`);
    const [none, again, minute, five, announces, both] = [
      'queues, clients wait 30 s',
      'refuses, clients try again',
      'refuses, Retry-After 1 min',
      'refuses, Retry-After 5 min',
      'announces longer intervals',
      'announces and refuses',
    ] as const;
    const back = pointsOf(result, 'return of the server');
    const returns = (way: string) => pointCalled(back, way);
    const forms = pointsOf(result, 'how to announce');
    const form = (shape: string, span: string) => pointCalled(forms, `${shape} · ${span}`);
    const queue = specOf(at(both)).server.accept?.queue ?? NaN;
    const paces = specOf(at(both)).server.pacing?.steps ?? [];
    const threshold = paces.findLast(({ intervalMs }) => intervalMs === paces[0]?.intervalMs)?.load ?? NaN;
    return {
      answer:
        `Refuse early with Retry-After, no shorter than the interval at which clients poll, and announce longer intervals as the load grows: ` +
        `at ${formatNumber(demandOf(at(both)), 2)} times the work it can do, that holds the 95th percentile at ${shown(at(both), 'staleness.p95')} with ${brief(at(both), 'failures.share')} of the requests in vain; ` +
        `a server that lets everyone wait until they give up leaves it at ${brief(at(none), 'staleness.p95')} with ${brief(at(none), 'failures.share')} in vain.`,
      paragraphs: [
        `A queue without an end is the worst answer: clients give up after 30 s, the server goes on working for those who have left, and at ${formatNumber(demandOf(at(none, 'three times')), 2)} times its capacity nobody gets anything (${brief(at(none, 'three times'), 'failures.share')} in vain). Refusing whoever finds ${formatNumber(queue)} others waiting costs next to nothing and keeps the server at useful work.`,
        `Clients that try again within seconds undo it: ${brief(at(again), 'failures.share')} of the requests are then refused, for ${brief(at(again), 'energy')} a day instead of ${brief(at(five), 'energy')} when they obey a Retry-After of 5 min.`,
        `A Retry-After shorter than the poll interval calls refused clients back sooner than the others come: with 1 min at polls of 5 min, ${brief(at(minute), 'failures.share')} are refused and the median is ${brief(at(minute), 'staleness.p50')}, with 5 min ${brief(at(five), 'failures.share')} and ${brief(at(five), 'staleness.p50')}.`,
        `Retry-After shares what there is by chance: those in luck are served at the usual interval, the others wait (95th percentile ${brief(at(five), 'staleness.p95')}; at three times the demand ${brief(at(five, 'three times'), 'staleness.p95')}). An announced interval shares it evenly (${brief(at(both), 'staleness.p95')} and ${brief(at(both, 'three times'), 'staleness.p95')}) and spares the batteries (${brief(at(both), 'energy')} a day instead of ${brief(at(five), 'energy')}). Announcing alone is not enough when the load is far too high: an interval is told with an answer, and who times out hears none (${brief(at(announces, 'three times'), 'failures.share')} in vain at three times the demand).`,
        `An announcement that begins too early costs freshness for nothing: from ${formatValue('share', threshold)} of the capacity on, it makes the 95th percentile ${brief(at(both, 'three quarters'), 'staleness.p95')} instead of ${brief(at(five, 'three quarters'), 'staleness.p95')} where the demand is ${formatNumber(demandOf(at(both, 'three quarters')), 2)} times the capacity and all would have been served.`,
        `Announce by the load of the last seconds, evenly rather than in steps: measured over 10 s it leaves ${brief(form('evenly', '10 s'), 'failures.share')} in vain, over 5 min ${brief(form('evenly', '5 min'), 'failures.share')}, since all clients then slow down and speed up together; in steps over 10 s it is ${brief(form('in steps', '10 s'), 'failures.share')}.`,
        `After ten minutes away the server meets everyone at once. Trying again every 10 s keeps it down for good (${brief(returns('try again every 10 s'), 'failures.share')} of the requests of the next two hours in vain); doubling waits up to 5 min, put off at random, and a 503 with Retry-After bring the 95th percentile to ${brief(returns('back off at random and are refused'), 'staleness.p95')}, as if clients had waited for their next poll (${brief(returns('wait for the next poll'), 'staleness.p95')}). The same without the random part: ${brief(returns('back off to 5 min'), 'staleness.p95')}.`,
      ],
      figures: [
        {
          id: 'overload-staleness',
          title: 'Staleness under overload',
          caption:
            '95th percentile of staleness by the demand, as a multiple of what the server can do, for each way to meet it. Ways under which nothing arrives are left out. Both axes are logarithmic.',
          drawing: drawLines({
            points: points.map((point) =>
              curvePoint(partsOf(point)[1] ?? '', demandOf(point), point, 'staleness.p95'),
            ),
            x: { title: 'Demand, times the capacity', unit: 'count' },
            y: { title: 'Staleness p95', unit: 'ms' },
            seriesTitle: 'The server',
          }),
        },
        {
          id: 'overload-announcing',
          title: 'How to announce intervals',
          caption:
            'Share of requests in vain by the time over which the server measures its load, for an interval that grows evenly with the load and one that grows in steps. Nobody is refused here.',
          drawing: drawLines({
            points: forms.map((point) =>
              curvePoint(partsOf(point)[0] ?? '', spanMs(point), point, 'failures.share'),
            ),
            x: { title: 'Load measured over', unit: 'ms' },
            y: { title: 'Requests in vain', unit: 'share', log: false },
            seriesTitle: 'Interval',
          }),
        },
      ],
      tables: [
        {
          title: 'What the server does, by demand',
          columns: ['Demand', 'The server', ...figureTitles],
          rows: points.map((point) => [
            `${formatNumber(demandOf(point), 2)} × capacity`,
            partsOf(point)[1] ?? '',
            ...figures.map((id) => shown(point, id)),
          ]),
        },
        {
          title: 'The return of a server that was away for 10 min',
          columns: ['Clients', ...figureTitles],
          rows: back.map((point) => [point.label, ...figures.map((id) => shown(point, id))]),
        },
      ],
      dependence: {
        rule: `The advice is the way with the least 95th percentile of staleness at ${formatNumber(demandOf(at(both)), 2)} times the capacity.`,
        moves: adviceMoves(result, adviseWay),
        figure: tornadoOf(result, 'staleness.p95', 'overload', both),
        table: adviceTable(result, adviseWay, {
          heading: 'The server',
          candidate: both,
          metrics: [
            { id: 'staleness.p95', title: 'Staleness p95' },
            { id: 'failures.share', title: 'Requests in vain' },
            { id: 'energy', title: 'Energy' },
          ],
        }),
      },
      limits: [
        `The server is a small one, ${formatValue('ms', workMs(at(both)))} for every request, so that few phones overload it; what counts is the demand as a multiple of its capacity.`,
        'Every client obeys Retry-After and the announced interval where the way says so; clients in use mostly know neither. No standard carries an interval for polls of CalDAV; Apple’s refreshrate property and REFRESH-INTERVAL (RFC 7986) come nearest.',
        'Some phones are still behind when runs of ways that fail come to their end, for which running this study alone ends with exit code 1; their staleness is not counted, so these ways are worse than shown.',
      ],
    };
  },
};
