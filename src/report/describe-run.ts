import {
  histogramQuantile,
  meanChangesPerDay,
  type CollectionGroup,
  type DeviceGroup,
  type FailureRecord,
  type GeneratorRecord,
  type RunRecord,
} from '../../sim/index.ts';
import { formatNumber, formatValue } from './format.ts';
import { mser5 } from '../results/index.ts';
import type { Scene } from './scene.ts';

/** What was run, as pairs of a term and its meaning. */
export function describeRun({ points }: Scene): [term: string, meaning: string][] {
  const runs = points.flatMap((point) => point.runs);
  const [first] = runs;
  if (first === undefined) return [];
  const { spec } = first;
  const live = runs.find(({ backend }) => backend === 'live');
  const seeds = new Set(runs.map((run) => run.spec.seed)).size;
  return [
    [
      'Fleet',
      `${formatValue('count', first.devices)} devices of ${formatValue('count', spec.users)} users: ${spec.deviceGroups.map((group) => describeGroup(group, first)).join('; ')}`,
    ],
    ['Collections', spec.collectionGroups.map(describeCollections).join('; ')],
    [
      'Counted time',
      `${formatValue('ms', first.countedMs)}${spec.warmUpMs === 0 ? '' : ` after a warm-up of ${formatValue('ms', spec.warmUpMs)}`}, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}`,
    ],
    ['Computed', describeModes(runs)],
    ['Policies', describePolicies([...new Set(points.map(({ label }) => label))])],
    [
      'Transport',
      `HTTP/${spec.transport.http}${spec.transport.tls ? ' over TLS' : ' in clear text'}; wire costs “${spec.wire.name}”`,
    ],
    [
      'Server',
      `${spec.server.name}, ${spec.server.workers === 1 ? 'one worker' : `${spec.server.workers} workers`}`,
    ],
    [
      'Push service',
      `${spec.pushService.name}${spec.pushService.loss > 0 ? `, loses ${formatValue('share', spec.pushService.loss)} of its messages` : ''}`,
    ],
    ['Warm-up check', describeWarmUp(runs)],
    ...describeFailures(runs),
    ['State check', describeStateCheck(runs)],
    ...(live === undefined ? [] : [['Live traffic', describeLive(live)] satisfies [string, string]]),
  ];
}

const modes: Readonly<Record<RunRecord['mode'], string>> = {
  exact: 'event by event',
  'exact-sliced': 'event by event in slices of time (same result)',
  'exact-elided':
    'event by event but for contacts that find nothing (same counts; response times without waiting)',
  expected: 'by closed forms',
  live: 'measured on real traffic',
};

/** How the runs came to their figures, with the error of closed forms where these were used. */
function describeModes(runs: readonly RunRecord[]): string {
  const byMode = Map.groupBy(runs, ({ mode }) => mode);
  const parts = [...byMode].map(([mode, own]) => `${formatValue('count', own.length)} × ${modes[mode]}`);
  const errors = runs.flatMap(({ expectedError }) => expectedError ?? []);
  const [first] = errors;
  if (first === undefined) return parts.join('; ');
  const worst = (of: (error: (typeof errors)[number]) => number): string =>
    formatValue('share', Math.max(...errors.map((error) => Math.abs(of(error)))));
  const changes = Math.min(...errors.map((error) => error.changes));
  return (
    `${parts.join('; ')}; on samples of ${formatValue('count', first.devices)} devices with ${formatValue('count', changes)} changes or more the closed forms are off by at most ` +
    `${worst(({ requests }) => requests)} in requests, ${worst(({ bytes }) => bytes)} in bytes, ${worst(({ energy }) => energy)} in energy, ` +
    `${worst(({ stalenessP50 }) => stalenessP50)} and ${worst(({ stalenessP95 }) => stalenessP95)} in staleness p50 and p95`
  );
}

const mostPolicies = 12;

/** Names of the points of a sweep; of a long one the first, since the tables have them all. */
const describePolicies = (labels: readonly string[]): string =>
  labels.length <= mostPolicies
    ? labels.join('; ')
    : `${labels.slice(0, mostPolicies).join('; ')} and ${labels.length - mostPolicies} more`;

const describeGroup = (group: DeviceGroup, record: RunRecord): string => {
  const devices = record.groups.find(({ name }) => name === group.name)?.devices ?? 0;
  return `${formatValue('count', devices)} × ${group.name}: ${group.radio.name}, ${group.client.name}`;
};

const describeCollections = (group: CollectionGroup): string =>
  `${group.name}: ${formatNumber(group.perUser)} per user, ` +
  `${group.members === 1 ? 'not shared' : `each shared by ${group.members}`}, ${changeRate(group)}`;

/** The mean rate is what compares; other parameters of the change process stand in the scenario below. */
function changeRate({ changes }: CollectionGroup): string {
  const kind = changes.kind === 'poisson' ? '' : ` (${changes.kind})`;
  return `${formatNumber(meanChangesPerDay(changes))} changes a day each${kind}`;
}

/** MSER-5 on the load of each run: whether the counted time still holds a start-up phase. */
function describeWarmUp(runs: readonly RunRecord[]): string {
  const cuts = runs.map(({ server }) => {
    const cut = mser5(server.series.requests);
    return cut === undefined ? undefined : cut * server.series.binMs;
  });
  const unsettled = cuts.filter((cut) => cut === undefined).length;
  const longest = Math.max(0, ...cuts.map((cut) => cut ?? 0));
  if (unsettled === runs.length) return 'the runs are too short to tell a start-up phase';
  const found =
    longest === 0
      ? 'MSER-5 finds the load steady from the start'
      : `MSER-5 would cut at most the first ${formatValue('ms', longest)} of the counted time`;
  return unsettled === 0 ? found : `${found}; ${unsettled} of ${runs.length} runs are too short to tell`;
}

function describeStateCheck(runs: readonly RunRecord[]): string {
  const compared = runs.reduce((sum, { stateCheck }) => sum + stateCheck.compared, 0);
  const different = runs.reduce((sum, { stateCheck }) => sum + stateCheck.different, 0);
  return `${formatValue('count', compared)} states of devices compared with the server’s at the end, ${formatValue('count', different)} different`;
}

function describeFailures(runs: readonly RunRecord[]): [term: string, meaning: string][] {
  const failures = runs.flatMap((run) => run.failures ?? []);
  if (failures.length === 0) return [];
  const count = (of: (record: FailureRecord) => number): string =>
    formatValue(
      'count',
      failures.reduce((sum, record) => sum + of(record), 0),
    );
  return [
    [
      'Requests without an answer',
      `${count(({ refused }) => refused)} refused with 503, ${count(({ timedOut }) => timedOut)} timed out, ${count(({ unreachable }) => unreachable)} met no server, ${count(({ broken }) => broken)} broken by a restart; ` +
        `${count(({ retried }) => retried)} tried again, ${count(({ abandoned }) => abandoned)} given up`,
    ],
  ];
}

const describeLive = ({ timeScale, generator, server, countedMs }: RunRecord): string =>
  `real HTTP and Web Push on one machine; ${timeScale === 1 ? 'policies in real time' : `policy intervals shortened ${formatNumber(timeScale)} times`}` +
  (generator === undefined ? '' : describeGenerator(generator)) +
  (server.waitedMs === undefined
    ? ''
    : `; the server was ready and waited for a processor for ${formatValue('share', server.waitedMs / countedMs)} of the time`) +
  (server.residentBytes === undefined
    ? ''
    : `; the server ended at ${formatValue('bytes', server.residentBytes)} of memory`);

function describeGenerator({ failures, lagMs, eventLoopDelayMs }: GeneratorRecord): string {
  const lag = formatValue('ms', histogramQuantile(lagMs, 0.99));
  const loop =
    eventLoopDelayMs === undefined ? '' : `, its event loop up to ${formatValue('ms', eventLoopDelayMs.p99)}`;
  return `; ${formatValue('count', failures)} failed requests; 99 % of the requests left within ${lag} of when they were due${loop} (p99)`;
}
