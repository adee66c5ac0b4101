import pc from 'picocolors';
import { countOf, type CheckResult, type ConformanceResult, type Verdict } from './result.ts';

const marks: Readonly<Record<Verdict, string>> = {
  pass: pc.green('pass '),
  fail: pc.red('FAIL '),
  warn: pc.yellow('warn '),
  skip: pc.dim('skip '),
  error: pc.red('ERROR'),
  known: pc.dim('known'),
  unexpected: pc.red('UNEXPECTED PASS'),
};

const line = ({ verdict, id, level, title, reason, clause }: CheckResult): string => {
  const first = `${marks[verdict]} ${id.padEnd(26)} ${level.padEnd(6)} ${title}`;
  if (reason === undefined || verdict === 'pass') return first;
  return `${first}\n      ${reason}${verdict === 'skip' ? '' : pc.dim(` — ${clause}`)}`;
};

const verdicts: readonly Verdict[] = ['pass', 'fail', 'warn', 'skip', 'error', 'known', 'unexpected'];

/** The results for a terminal: what passed only when `all` is wanted, and the counts. */
export function renderText(result: ConformanceResult, all: boolean): string {
  const shown = result.checks.filter(({ verdict }) => all || verdict !== 'pass');
  const counts = verdicts
    .filter((verdict) => countOf(result, verdict) > 0)
    .map((verdict) => `${countOf(result, verdict)} ${verdict}`);
  const left = result.leftBehind.map((path) => `left on the server, please remove: ${path}`);
  const profile = result.profile === undefined ? '' : ` (profile ${result.profile})`;
  return [...shown.map(line), ...left, `${result.target}${profile}: ${counts.join(', ')}`].join('\n');
}
