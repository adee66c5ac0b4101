import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { interleave, type Side } from '../src/bench/index.ts';
import { renderComparison } from '../src/report/index.ts';
import { compareResults } from '../src/results/index.ts';

/**
 * Whether the comparison of live runs finds a server that was made slower on purpose: interleaved pairs of this
 * version and of the same with every answer delayed by a share of the time it took.
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

let found = 0;
for (let attempt = 1; attempt <= Number(values.tries); attempt += 1) {
  const results = await interleave(base, head, {
    scenario: `${here}/${values.scenario}`,
    pairs: Number(values.pairs),
    signal: AbortSignal.timeout(3_600_000),
  });
  const compared = compareResults(results.base, results.head, { force: true });
  const worse = compared.comparisons
    .filter(({ verdict }) => verdict === 'worse')
    .map(({ metric }) => metric.id);
  if (worse.length > 0) found += 1;
  if (values.json)
    say(JSON.stringify({ attempt, share: Number(values.share), pairs: Number(values.pairs), worse }));
  else say(renderComparison(compared));
}
if (!values.json) say(`worse in ${found} of ${values.tries} tries`);
