import { join } from 'node:path';
import { runsToCsv, writeWhole, type ResultFile } from '../results/index.ts';
import { figuresOf } from './figures.ts';
import { renderHtml } from './render-html.ts';
import { renderPng, renderSvg } from './render-image.ts';

/**
 * Writes the report of a result into a folder: `report.html`, `results.csv`, and every chart as SVG and PNG in
 * `charts/`. Equal results give equal files. Yields the paths written.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export async function writeReport(result: ResultFile, folder: string): Promise<string[]> {
  const written: string[] = [];
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    const path = join(folder, name);
    await writeWhole(path, content);
    written.push(path);
  };
  await write('report.html', await renderHtml(result));
  await write('results.csv', runsToCsv(result.runs));
  for (const { id, drawing } of figuresOf(result)) {
    const svg = await renderSvg(drawing);
    await write(join('charts', `${id}.svg`), svg);
    await write(join('charts', `${id}.png`), await renderPng(svg));
  }
  return written;
}
