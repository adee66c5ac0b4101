import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ChartSpec, Row } from './chart.ts';
import { escapeHtml, scriptJson } from './html.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { chartConfig, darkColours, themes } from './style.ts';

/** A chart of a page: drawn into the element with its id. */
export interface PageChart {
  readonly id: string;
  readonly spec: ChartSpec;
  readonly rows: readonly Row[];
}

const require = createRequire(import.meta.url);
const libraries = [
  ['vega', 'build/vega.min.js'],
  ['vega-lite', 'build/vega-lite.min.js'],
  ['vega-embed', 'build/vega-embed.min.js'],
] as const;

/** The folder of an installed package, whatever its `exports` let one import. */
function packageFolder(name: string): string {
  const entry = require.resolve(name);
  return entry.slice(0, entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
}

const readLibrary = async ([name, file]: (typeof libraries)[number]): Promise<string> => {
  const source = await readFile(join(packageFolder(name), file), 'utf8');
  return source.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '').replaceAll('</script', String.raw`<\/script`);
};

const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/**
 * A whole page that needs nothing but itself. Its policy allows just the scripts that are in it, by their
 * hashes, and no connection to anywhere.
 */
export async function renderPage(title: string, body: string, charts: readonly PageChart[]): Promise<string> {
  const scripts = charts.length === 0 ? [] : [...(await Promise.all(libraries.map(readLibrary))), pageScript];
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    `script-src ${scripts.length === 0 ? "'none'" : scripts.map(hashOf).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = {
    charts,
    darkColours,
    configs: {
      light: chartConfig(themes.light),
      lightNarrow: chartConfig(themes.light, { narrow: true }),
      dark: chartConfig(themes.dark),
      darkNarrow: chartConfig(themes.dark, { narrow: true }),
    },
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<main>
${body}
</main>
<script type="application/json" id="charts">${scriptJson(data)}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}
