import { compareBackends, thresholdOutcomes, type ResultFile, type ResultPart } from '../results/index.ts';
import { answer } from './answer.ts';
import { describeRun } from './describe-run.ts';
import { figuresOf, type Figure } from './figures.ts';
import { formatNumber, formatValue } from './format.ts';
import { escapeHtml, htmlTable } from './html.ts';
import { renderPage } from './page.ts';
import { scenesOf, type Scene } from './scene.ts';
import { gapsHtml, summaryHtml } from './summary-html.ts';
import { tcpIpNote } from './tcp-ip-note.ts';

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const figureHtml = ({ id, chart, drawing }: Figure): string => `<figure>
<h3>${escapeHtml(chart.title)}</h3>
<figcaption>${escapeHtml(chart.caption)}</figcaption>
<div class="plot" role="img" aria-label="${escapeHtml(drawing.alternative)}"><div id="${id}"></div></div>
<details><summary>Table behind this chart</summary>
${htmlTable(drawing.columns, drawing.rows)}
</details>
</figure>`;

const definitions = (pairs: readonly (readonly [string, string])[]): string =>
  `<dl>${pairs.map(([term, meaning]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd>`).join('\n')}</dl>`;

function sceneHtml(scene: Scene, figures: readonly Figure[]): string {
  const gaps = compareBackends(scene.points.flatMap(({ runs }) => runs));
  const seeds = Math.max(...scene.shown.map(({ runs }) => runs.length));
  const measured = scene.points.filter(({ backend }) => backend === 'live');
  const parts = [
    `<h2>${escapeHtml(scene.scenario)}</h2>`,
    definitions(describeRun(scene)),
    ...(gaps.length === 0 ? [] : ['<h3>Measured beside simulated</h3>', gapsHtml(gaps)]),
    `<h3>${scene.shown.some(({ backend }) => backend === 'sim') ? 'Simulated' : 'Measured'}, policy by policy</h3>`,
    paragraph(
      seeds > 1
        ? `Means over ${seeds} seeds, ± half the width of their 95 % confidence interval. Energy is what syncing adds to an idle radio.`
        : 'One seed, so no confidence intervals. Energy is what syncing adds to an idle radio.',
    ),
    summaryHtml(scene.shown),
    ...[tcpIpNote(scene.shown)].filter((note) => note !== '').map(paragraph),
    ...(gaps.length === 0 ? [] : ['<h3>Measured live, policy by policy</h3>', summaryHtml(measured)]),
    ...figures.map(figureHtml),
  ];
  return parts.join('\n');
}

function thresholdsHtml(result: ResultFile): string {
  const outcomes = thresholdOutcomes(result);
  if (outcomes.length === 0) return '';
  const rows = outcomes.map(({ threshold, point, value, held }) => ({
    text: threshold.text,
    point: `${point.scenario} · ${point.label} (${point.backend})`,
    value: formatValue(threshold.metric.unit, value),
    held: held ? 'held' : 'broken',
  }));
  const columns = [
    { field: 'text', title: 'Threshold' },
    { field: 'point', title: 'Point' },
    { field: 'value', title: 'Value' },
    { field: 'held', title: 'Outcome' },
  ];
  return `<h2>Thresholds</h2>\n${htmlTable(columns, rows)}`;
}

function madeHtml({ made, source }: ResultFile): string {
  const memory = `${formatNumber(made.machine.memoryBytes / 2 ** 30, 2)} GiB`;
  return `<h2>How this was made</h2>
<p>To repeat it:</p>
<pre><code>${escapeHtml(made.command)}</code></pre>
${definitions([
  ['Started', made.startedAt],
  ['Took', formatValue('ms', made.durationMs)],
  ['Version', `davpulse ${made.davpulse}, Node ${made.node}`],
  ['Machine', `${made.machine.platform}, ${made.machine.cores} × ${made.machine.cpu}, ${memory}`],
  ...Object.entries(made.notes).map(([term, value]): [string, string] => [
    term,
    typeof value === 'number' ? formatNumber(value) : value,
  ]),
])}
<details><summary>The study as it was run</summary><pre><code>${escapeHtml(source)}</code></pre></details>`;
}

/** What the reader of a share, or of an interrupted study, must know of its figures. */
const missing = ({ runs }: ResultFile, { of, cutShort }: ResultPart): string => {
  const [first] = runs;
  const rest = `These figures rest on ${runs.length} of the ${of} runs of the study`;
  if (cutShort !== true || first === undefined) return `${rest}; points and seeds are missing.`;
  const counted = formatValue('ms', first.countedMs);
  return of === 1
    ? `The run was interrupted: these figures rest on ${counted} alone.`
    : `${rest}, which was interrupted: the first of them tells of ${counted} alone.`;
};

/** The report of a result as one page that needs no network. */
export function renderHtml(result: ResultFile): Promise<string> {
  const scenes = scenesOf(result);
  const figures = figuresOf(result);
  const [first] = scenes;
  const body = [
    `<h1>${escapeHtml(result.title)}</h1>`,
    `<p class="question">${escapeHtml(result.question)}</p>`,
    first === undefined ? '' : `<div class="answer">${answer(first).map(paragraph).join('\n')}</div>`,
    result.part === undefined ? '' : paragraph(missing(result, result.part)),
    `<noscript>${paragraph('The charts need JavaScript. The tables behind them hold the same numbers.')}</noscript>`,
    ...scenes.map((scene) =>
      sceneHtml(
        scene,
        figures.filter((figure) => figure.scene.scenario === scene.scenario),
      ),
    ),
    thresholdsHtml(result),
    madeHtml(result),
  ].join('\n');
  return renderPage(
    result.title,
    body,
    figures.map(({ id, drawing }) => ({ id, spec: drawing.spec, rows: drawing.rows })),
  );
}
