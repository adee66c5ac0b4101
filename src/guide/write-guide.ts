import { join } from 'node:path';
import { sevenThings } from './seven-things.ts';
import { writeFigureFiles } from '../report/index.ts';
import { writeResultFile, writeWhole, type ResultFile } from '../results/index.ts';
import { chapters } from './chapters/index.ts';
import { figuresOf } from './chapter.ts';
import { compactResult } from './compact-result.ts';
import { decisionsOf } from './decisions.ts';
import { guideHtml } from './guide-html.ts';
import { chapterMarkdown, markdownTable, type WrittenChapter } from './guide-markdown.ts';
import { inputsOf } from './inputs.ts';
import { liveBeside } from './live-beside.ts';

const title = 'Push and polling in CalDAV and CardDAV: an implementation guide';
const lead = [
  'Servers and clients pick their polling intervals, merge windows and delays by guess. This guide gives numbers instead: each chapter answers one question by experiments that anyone can repeat, and says what it does not know.',
  'Every number comes from the result files beside it; the text was written once, and its numbers are put in by the program that ran the experiments.',
];

/** Writes out the chapters whose results are there; `dataFolder` holds the data files with their sources. */
export function writeChapters(
  results: ReadonlyMap<string, ResultFile>,
  dataFolder: string,
): WrittenChapter[] {
  return chapters.flatMap((chapter) => {
    const result = results.get(chapter.id);
    if (result === undefined) return [];
    const content = chapter.write(result);
    return { chapter, result, content, inputs: inputsOf(result, dataFolder), live: liveBeside(result) };
  });
}

/** The guide in Markdown. */
export function guideMarkdown(
  results: ReadonlyMap<string, ResultFile>,
  written: readonly WrittenChapter[],
  command: string,
): string {
  const decisions = decisionsOf(results);
  return [
    `# ${title}`,
    '',
    ...lead.flatMap((paragraph) => [paragraph, '']),
    '## What to do',
    '',
    markdownTable({
      columns: ['Situation', 'The server', 'The client'],
      rows: decisions.map(({ situation, server, client }) => [situation, server, client]),
    }).replace('|---|---:|---:|', '|---|---|---|'),
    '',
    ...written.map((chapter, index) => chapterMarkdown(chapter, index + 1)),
    `---\n\nMade by \`${command}\`. The same as a page with interactive charts: [guide.html](guide.html).`,
    '',
  ].join('\n');
}

/**
 * Writes `seven-things.md` into a folder, and the guide into its folder `guide`: `README.md`, `guide.html`, `data/` with the results and `figures/` with every
 * figure as SVG and PNG and its data as CSV, Parquet and JSON. @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export async function writeGuide(
  results: ReadonlyMap<string, ResultFile>,
  reports: string,
  { command, dataFolder }: { command: string; dataFolder: string },
): Promise<void> {
  const folder = join(reports, 'guide');
  const kept = new Map([...results].map(([id, result]) => [id, compactResult(result)]));
  const written = writeChapters(kept, dataFolder);
  for (const [id, result] of kept) await writeResultFile(join(folder, 'data', `${id}.json`), result);
  for (const { content } of written) {
    for (const { id, drawing } of figuresOf(content)) {
      await writeFigureFiles(join(folder, 'figures'), id, drawing);
    }
  }
  await writeWhole(join(folder, 'README.md'), guideMarkdown(kept, written, command));
  await writeWhole(join(reports, 'seven-things.md'), sevenThings(kept));
  await writeWhole(join(folder, 'guide.html'), await guideHtml(title, lead, decisionsOf(kept), written));
}
