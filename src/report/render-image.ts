import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { Drawing } from './chart.ts';
import { chartConfig, themes } from './style.ts';
import { useFileFontMetrics } from './text-width.ts';

const fileWidth = 760;
const pngScale = 2;

/**
 * A chart as a standalone SVG document. Equal input gives equal bytes, also across machines: text is measured
 * by a table, not by the fonts that happen to be installed.
 */
export async function renderSvg({ spec, rows }: Drawing): Promise<string> {
  useFileFontMetrics();
  const compiled = compile({
    ...spec,
    width: fileWidth,
    data: { values: [...rows] },
    config: chartConfig(themes.print),
  });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The picture of an SVG document, drawn with the fonts that come with davpulse, so that it is equal everywhere. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: pngScale },
    font: {
      loadSystemFonts: false,
      fontFiles: [join(fonts, 'DejaVuSans.ttf'), join(fonts, 'DejaVuSans-Bold.ttf')],
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return picture.render().asPng();
}
