import { escapeXml } from '../../xml/index.ts';
import type { TranscriptEntry } from '../bench/transcript.ts';
import { countOf, type CheckResult, type ConformanceResult } from './result.ts';

const shown = ({ from, line, headers, body }: TranscriptEntry): string =>
  [`${from}: ${line}`, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), body]
    .filter((text) => text !== '')
    .join('\n');

function testCase({
  id,
  title,
  clause,
  level,
  verdict,
  reason = '',
  durationMs,
  transcript,
}: CheckResult): string {
  const attribute = (text: string): string => escapeXml(text).replaceAll('\n', '&#10;');
  const head = `<testcase classname="${attribute(id.split('.')[0] ?? id)}" name="${attribute(`${id}: ${title}`)}" time="${(durationMs / 1000).toFixed(3)}">`;
  const message = attribute(`${level}, ${clause}: ${reason}`);
  const out = `<system-out>${escapeXml(transcript.map(shown).join('\n\n'))}</system-out>`;
  if (verdict === 'pass') return `${head}</testcase>`;
  if (verdict === 'fail' || verdict === 'unexpected') {
    return `${head}<failure type="${verdict}" message="${message}"/>${out}</testcase>`;
  }
  if (verdict === 'error') return `${head}<error message="${message}"/>${out}</testcase>`;
  // JUnit knows no warnings: what does not bind counts as skipped, with its reason.
  return `${head}<skipped message="${message}"/>${verdict === 'skip' ? '' : out}</testcase>`;
}

/** The results as JUnit XML, for build servers; what went wrong comes with what was sent and received. */
export function renderJunit(result: ConformanceResult): string {
  const failures = countOf(result, 'fail') + countOf(result, 'unexpected');
  const skipped = countOf(result, 'skip') + countOf(result, 'warn') + countOf(result, 'known');
  const head = `<testsuite name="davpulse conformance" timestamp="${result.madeAt}" tests="${result.checks.length}" failures="${failures}" errors="${countOf(result, 'error')}" skipped="${skipped}">`;
  const cases = result.checks.map(testCase).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${head}\n${cases}\n</testsuite>\n</testsuites>\n`;
}
