import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sideBySide, type Side } from '../src/bench/index.ts';
import { renderComparison } from '../src/report/index.ts';
import {
  compareResults,
  machineFingerprint,
  metricById,
  resultSchema,
  type ResultFile,
} from '../src/results/index.ts';
import { loadStudy } from '../src/scenario/index.ts';

/**
 * Whether the comparison of live runs finds a server that was made slower on purpose: pairs of this version and of
 * the same with every answer made dearer by a share of the processor time it took, side by side.
 * `npm run bench:slow-down -- --share 0.05 --pairs 10 --tries 1 [--json]`; share 0 asks for false alarms.
 */
const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '0.05' },
    pairs: { type: 'string', default: '10' },
    tries: { type: 'string', default: '1' },
    scenario: { type: 'string', default: 'bench/slow-down.yaml' },
    json: { type: 'boolean', default: false },
  },
});

const here = fileURLToPath(new URL('..', import.meta.url));
const preload = fileURLToPath(new URL('./slow-server.mjs', import.meta.url));
const base: Side = { name: 'base', folder: here, args: [] };
const head: Side = {
  ...base,
  name: 'head',
  env: { NODE_OPTIONS: `--import ${preload}`, DAVPULSE_SLOW_SHARE: values.share },
};
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const work = metricById('server.work');
const study = loadStudy(`${here}/${values.scenario}`);

const resultOf = (runs: ResultFile['runs']): ResultFile => ({
  schema: resultSchema,
  name: study.name,
  title: study.title,
  question: study.question,
  made: {
    startedAt: '',
    durationMs: 0,
    davpulse: '',
    command: '',
    node: process.version,
    machine: machineFingerprint(),
    notes: {},
  },
  source: study.text,
  runs,
});

let found = 0;
for (let attempt = 1; attempt <= Number(values.tries); attempt += 1) {
  const runs = await sideBySide(base, head, {
    study,
    pairs: Number(values.pairs),
    signal: AbortSignal.timeout(3_600_000),
  });
  const compared = compareResults(resultOf(runs.base), resultOf(runs.head), {
    force: true,
    sideBySide: true,
  });
  const worse = compared.comparisons
    .filter(({ verdict }) => verdict === 'worse')
    .map(({ metric }) => metric.id);
  if (worse.length > 0) found += 1;
  const share = Number(values.share);
  const workMs = {
    base: runs.base.map((run) => work.of(run)),
    head: runs.head.map((run) => work.of(run)),
  };
  if (values.json) say(JSON.stringify({ attempt, share, pairs: Number(values.pairs), worse, workMs }));
  else say(renderComparison(compared));
}
if (!values.json) say(`worse in ${found} of ${values.tries} tries`);
