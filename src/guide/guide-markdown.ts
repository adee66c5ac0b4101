import type { ResultFile } from '../results/index.ts';
import type { Chapter, ChapterContent, GuideFigure, GuideTable } from './chapter.ts';
import type { Input } from './inputs.ts';
import type { LiveBeside } from './live-beside.ts';

/** A chapter with everything that it says. */
export interface WrittenChapter {
  readonly chapter: Chapter;
  readonly content: ChapterContent;
  readonly result: ResultFile;
  readonly inputs: readonly Input[];
  /** Its real traffic beside the simulation; undefined for a study without. */
  readonly live: LiveBeside | undefined;
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

export const markdownTable = ({ columns, rows }: Pick<GuideTable, 'columns' | 'rows'>): string =>
  [
    `| ${columns.map(cell).join(' | ')} |`,
    `|${columns.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');

/** How a chapter's numbers came about, in words; live runs are named as such. */
export function provenance({ result }: WrittenChapter): string {
  const count = (backend: string) => result.runs.filter((run) => run.backend === backend).length;
  const [sim, live] = [count('sim'), count('live')];
  const parts = [sim > 0 ? `${sim} simulated runs` : '', live > 0 ? `${live} runs of real traffic` : ''];
  const seeds = new Set(result.runs.map(({ spec }) => spec.seed)).size;
  return `${parts.filter((part) => part !== '').join(' and ')}, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}; ± is half the width of a 95 % interval over seeds`;
}

/** Inputs that no measurement stands behind. */
export const assumed = (inputs: readonly Input[]): Input[] =>
  inputs.filter(({ confidence }) => !['verified', 'derived', 'measured'].includes(confidence));

const figureMarkdown = ({ id, title, caption, drawing }: GuideFigure): string[] => [
  `![${title}. ${drawing.alternative}](figures/${id}.svg)`,
  '',
  `**${title}.** ${caption} Data: [CSV](figures/${id}.csv), [Parquet](figures/${id}.parquet).`,
  '',
];

const tableMarkdown = (table: GuideTable): string[] => [`**${table.title}**`, '', markdownTable(table), ''];

/** One chapter in Markdown; figures are files beside it. */
export function chapterMarkdown(written: WrittenChapter, number: number): string {
  const { chapter, content, inputs, live } = written;
  const { dependence } = content;
  const assumptions = assumed(inputs);
  return [
    `## ${number}. ${chapter.title}`,
    '',
    `*${chapter.question}*`,
    '',
    `> **${content.answer}**`,
    '',
    ...content.paragraphs.flatMap((paragraph) => [paragraph, '']),
    ...content.figures.flatMap(figureMarkdown),
    ...content.tables.flatMap(tableMarkdown),
    `**What it depends on.** ${dependence.rule} ${dependence.moves}`,
    '',
    ...figureMarkdown(dependence.figure),
    ...tableMarkdown(dependence.table),
    ...(live === undefined ? [] : [`**What was measured.** ${live.says}`, '', ...tableMarkdown(live.table)]),
    '**Where the numbers are from.** ' +
      `${provenance(written)}. Study: [\`scenarios/guide/${chapter.id}.yaml\`](../../scenarios/guide/${chapter.id}.yaml), results: [\`data/${chapter.id}.json\`](data/${chapter.id}.json); again: \`davpulse run scenarios/guide/${chapter.id}.yaml\`.`,
    '',
    ...(assumptions.length === 0
      ? []
      : [
          `**Assumed, not measured:** ${assumptions.map(({ item, field, source }) => `${item}, ${field} (${source})`).join('; ')}.`,
          '',
        ]),
    `**Limits.** ${content.limits.join(' ')}`,
    '',
  ].join('\n');
}
