import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readK6Summary, type K6Figures } from '../k6/index.ts';
import { escapeHtml, htmlTable, newTable, renderPage } from '../report/index.ts';
import { note, print } from './output.ts';

/** A summary of k6, and the file that it was read from. */
export interface K6File {
  readonly file: string;
  readonly content: unknown;
}

const titles = ['kind', 'requests', 'p50', 'p95', 'p99', 'longest'] as const;

/** Prints what tests of k6 found, and writes it as a page. @throws DavpulseError for a summary of another script */
export async function reportK6(
  files: readonly K6File[],
  out = dirname(files[0]?.file ?? '.'),
): Promise<void> {
  const all = files.map(({ file, content }) => readK6Summary(content, file));
  for (const figures of all) print(render(figures));
  await mkdir(out, { recursive: true });
  const page = join(out, 'report.html');
  await writeFile(page, await renderPage('What k6 found', all.map(section).join('\n'), []));
  note(`report: ${page}`);
}

const ms = (value: number): string => `${value < 100 ? value.toPrecision(3) : value.toFixed(0)} ms`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

const cellsOf = ({ requests }: K6Figures): string[][] =>
  requests.map(({ kind, requests: count, p50Ms, p95Ms, p99Ms, maxMs }) => [
    kind,
    String(count),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(ms),
  ]);

function remarksOf(figures: K6Figures): string[] {
  const { staleness, bytesUp, bytesDown, failedShare, dropped, brokenThresholds, durationMs } = figures;
  return [
    `${(durationMs / 1000).toFixed(1)} s with set-up; ${megabytes(bytesUp)} up, ${megabytes(bytesDown)} down`,
    ...(staleness === undefined
      ? []
      : [
          `staleness of ${staleness.changes} changes learned: p50 ${ms(staleness.p50Ms)}, p95 ${ms(staleness.p95Ms)}`,
        ]),
    `failed: ${(failedShare * 100).toFixed(2)} %; arrivals that found no virtual user: ${dropped}`,
    brokenThresholds.length === 0
      ? 'all thresholds held'
      : `broken thresholds: ${brokenThresholds.join(', ')}`,
  ];
}

function render(figures: K6Figures): string {
  const table = newTable([...titles]);
  table.push(...cellsOf(figures));
  return [figures.scenario, table.toString(), ...remarksOf(figures), ''].join('\n');
}

function section(figures: K6Figures): string {
  const rows = cellsOf(figures).map((cells) =>
    Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ''])),
  );
  const table = htmlTable(
    titles.map((title) => ({ field: title, title })),
    rows,
  );
  const remarks = remarksOf(figures).map((remark) => `<li>${escapeHtml(remark)}</li>`);
  return `<h2>${escapeHtml(figures.scenario)}</h2>\n${table}\n<ul>${remarks.join('')}</ul>`;
}
