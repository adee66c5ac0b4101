import { escapeXml } from '../../xml/index.ts';
import type { TranscriptEntry } from '../bench/transcript.ts';
import type { Level } from '../check.ts';
import { countOf, type CheckResult, type ConformanceResult, type Verdict } from './result.ts';

const levels: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];
const style = `:root{color-scheme:light dark;--line:#8884}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
.badges{display:flex;gap:.6rem;flex-wrap:wrap;margin:1rem 0}.badge{border:1px solid var(--line);border-radius:.5rem;padding:.4rem .9rem}
.badge b{font-size:1.3rem;display:block}.pass,.known{color:#1a7f37}.fail,.error,.unexpected{color:#cf222e;font-weight:600}.warn{color:#9a6700}.skip{opacity:.6}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;background:#8881;padding:.5rem;border-radius:.4rem}small{opacity:.7}
@media(prefers-color-scheme:dark){.pass,.known{color:#3fb950}.fail,.error,.unexpected{color:#f85149}.warn{color:#d29922}}`;

const names: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  skip: 'skip',
  error: 'error',
  known: 'known deviation',
  unexpected: 'unexpected pass',
};

function badge(result: ConformanceResult, level: Level): string {
  const tried = result.checks.filter((check) => check.level === level && check.verdict !== 'skip');
  const kept = tried.filter(({ verdict }) => verdict === 'pass');
  return `<div class="badge"><b class="${kept.length === tried.length ? 'pass' : level === 'MUST' ? 'fail' : 'warn'}">${kept.length} of ${tried.length}</b>${level} kept</div>`;
}

const entry = ({ from, line, headers, body }: TranscriptEntry): string => {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return escapeXml([`${from} ${line}`, ...head, ...(body === '' ? [] : ['', body])].join('\n'));
};

function row({ id, title, clause, level, verdict, reason, transcript }: CheckResult): string {
  const why = reason === undefined ? '' : `<br>${escapeXml(reason)}`;
  const told = verdict !== 'pass' && verdict !== 'skip' && transcript.length > 0;
  const details = told
    ? `<details><summary>sent and received</summary><pre>${transcript.map(entry).join('\n\n')}</pre></details>`
    : '';
  return `<tr><td class="${verdict}">${names[verdict]}</td><td>${level}</td><td>${escapeXml(title)}${why}<br><small>${escapeXml(id)} · ${escapeXml(clause)}</small>${details}</td></tr>`;
}

/** One page that says how far a server keeps what it should: needs nothing from elsewhere. */
export function renderHtml(result: ConformanceResult): string {
  const target = escapeXml(result.target);
  const profile = result.profile === undefined ? '' : `, profile ${escapeXml(result.profile)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Push conformance of ${target}</title><style>${style}</style></head>
<body><h1>Push conformance of ${target}</h1><p>${result.checks.length} checks by davpulse on ${escapeXml(result.madeAt)}${profile}; ${countOf(result, 'skip')} did not apply.</p>
<div class="badges">${levels.map((level) => badge(result, level)).join('')}</div>
<table><thead><tr><th>Result</th><th>Level</th><th>Check</th></tr></thead><tbody>
${result.checks.map(row).join('\n')}
</tbody></table></body></html>
`;
}
