import type { Config } from 'vega-lite';

/**
 * The house style. Colours follow Okabe and Ito (Color Universal Design, 2008): polling is orange, push is
 * blue, distinguishable with every common colour deficiency; a second channel (shape, dash or place) always
 * carries the same difference.
 */
export const palette = {
  polling: '#c25700',
  push: '#0072b2',
  live: '#c25701',
  sim: '#0072b3',
  pollingShades: ['#ecae72', '#e07b1a', '#c25700', '#94400a', '#66300f', '#3f1d08'],
  pushShades: ['#66bfec', '#2b95d3', '#0072b2', '#004f80', '#00304f'],
  parts: ['#e69f00', '#56b4e9', '#009e73', '#cc79a7', '#0173b2', '#d55e00', '#949494'],
  neutral: '#6b7480',
} as const;

/** Colours that are too dark on a dark page, and what stands in for them there; all keys differ. */
export const darkColours: Readonly<Record<string, string>> = {
  '#c25700': '#f59b49',
  '#0072b2': '#4aa9e3',
  '#c25701': '#f59b49',
  '#0072b3': '#4aa9e3',
  '#ecae72': '#ffe0bd',
  '#e07b1a': '#ffbf7d',
  '#94400a': '#d9791f',
  '#66300f': '#b05f14',
  '#3f1d08': '#86470c',
  '#66bfec': '#c4e7fb',
  '#2b95d3': '#8accf3',
  '#004f80': '#2585c2',
  '#00304f': '#1b669a',
  '#6b7480': '#9aa4b0',
};

export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string | null;
  readonly font: string;
}

export const pageFont = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

export const themes = {
  light: { ink: '#1c2127', muted: '#57606a', grid: '#e4e8ec', background: null, font: pageFont },
  dark: { ink: '#e6eaef', muted: '#a3adb8', grid: '#30363e', background: null, font: pageFont },
  /** Files: a white ground, and the font that is shipped with them. */
  print: {
    ink: '#1c2127',
    muted: '#57606a',
    grid: '#e4e8ec',
    background: '#ffffff',
    font: 'DejaVu Sans, sans-serif',
  },
} as const satisfies Record<string, Theme>;

/** The vega-lite configuration that all charts share; `narrow` is for phones. */
export const chartConfig = (
  { ink, muted, grid, background, font }: Theme,
  { narrow = false }: { narrow?: boolean } = {},
): Config => ({
  background: background ?? 'transparent',
  font,
  padding: narrow ? 2 : 8,
  view: { stroke: null },
  axis: {
    labelColor: muted,
    titleColor: muted,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 10,
    gridColor: grid,
    domainColor: grid,
    tickColor: grid,
    labelLimit: narrow ? 118 : 240,
    labelPadding: 6,
  },
  axisX: { labelOverlap: 'greedy', labelSeparation: 8, labelFlush: 16 },
  axisY: { domain: false, ticks: false },
  axisBand: { grid: false, labelColor: ink },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    columns: narrow ? 2 : 4,
    title: null,
    labelColor: ink,
    labelFontSize: 12,
    labelLimit: narrow ? 128 : 240,
    symbolSize: narrow ? 80 : 110,
    columnPadding: narrow ? 10 : 18,
  },
  text: { color: ink, fontSize: narrow ? 11 : 12 },
  rule: { color: muted },
});
