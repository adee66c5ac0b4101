import { escapeHtml, htmlTable, renderPage, type PageChart } from '../report/index.ts';
import { assumed, provenance, type WrittenChapter } from './guide-markdown.ts';
import { figuresOf, type GuideFigure, type GuideTable } from './chapter.ts';
import type { DecisionRow } from './decisions.ts';

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const tableHtml = ({ title, columns, rows }: GuideTable): string =>
  `<h3>${escapeHtml(title)}</h3>\n${htmlTable(
    columns.map((column, index) => ({ field: String(index), title: column })),
    rows.map((row) => Object.fromEntries(row.map((text, index) => [String(index), text]))),
  )}`;

const figureHtml = ({ id, title, caption, drawing }: GuideFigure): string => `<figure>
<h3>${escapeHtml(title)}</h3>
<figcaption>${escapeHtml(caption)}</figcaption>
<div class="plot" role="img" aria-label="${escapeHtml(drawing.alternative)}"><div id="${id}"></div></div>
<details><summary>Table behind this chart</summary>${htmlTable(drawing.columns, drawing.rows)}</details>
</figure>`;

function chapterHtml(written: WrittenChapter, number: number): string {
  const { chapter, content, inputs, live } = written;
  const { dependence } = content;
  const assumptions = assumed(inputs);
  return [
    `<h2 id="${chapter.id}">${number}. ${escapeHtml(chapter.title)}</h2>`,
    `<p class="question">${escapeHtml(chapter.question)}</p>`,
    `<div class="answer">${paragraph(content.answer)}</div>`,
    ...content.paragraphs.map(paragraph),
    ...content.figures.map(figureHtml),
    ...content.tables.map(tableHtml),
    '<h3>What it depends on</h3>',
    ...[dependence.rule, dependence.moves].map(paragraph),
    figureHtml(dependence.figure),
    tableHtml(dependence.table),
    ...(live === undefined
      ? []
      : ['<h3>What was measured</h3>', paragraph(live.says), tableHtml(live.table)]),
    '<h3>Where the numbers are from</h3>',
    `<p class="note">${escapeHtml(provenance(written))}. To repeat it: <code>davpulse run scenarios/guide/${chapter.id}.yaml</code></p>`,
    assumptions.length === 0
      ? ''
      : `<p class="note">Assumed, not measured: ${escapeHtml(assumptions.map(({ item, field, source }) => `${item}, ${field} (${source})`).join('; '))}.</p>`,
    `<p class="note">Limits: ${escapeHtml(content.limits.join(' '))}</p>`,
  ].join('\n');
}

/** The guide as one page that needs no network. */
export function guideHtml(
  title: string,
  lead: readonly string[],
  decisions: readonly DecisionRow[],
  written: readonly WrittenChapter[],
): Promise<string> {
  const contents = written.map(
    ({ chapter }, index) =>
      `<li value="${index + 1}"><a href="#${chapter.id}">${escapeHtml(chapter.title)}</a></li>`,
  );
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...lead.map(paragraph),
    '<h2>What to do</h2>',
    htmlTable(
      [
        { field: 'situation', title: 'Situation' },
        { field: 'server', title: 'The server' },
        { field: 'client', title: 'The client' },
      ],
      decisions.map((row) => ({ ...row })),
    ).replace('class="scroll"', 'class="scroll prose"'),
    `<h2>Contents</h2><ol>${contents.join('\n')}</ol>`,
    ...written.map((chapter, index) => chapterHtml(chapter, index + 1)),
  ].join('\n');
  const charts = written.flatMap(({ content }) =>
    figuresOf(content).map(({ id, drawing }): PageChart => ({ id, spec: drawing.spec, rows: drawing.rows })),
  );
  return renderPage(title, body, charts);
}
