import { join } from 'node:path';
import { runsToCsv, writeWhole, type ResultFile } from '../results/index.ts';
import { writeFigureFiles } from './figure-files.ts';
import { figuresOf } from './figures.ts';
import { renderHtml } from './render-html.ts';

/**
 * Writes the report of a result into a folder: `report.html`, `results.csv`, and every chart as SVG and PNG
 * with its data as CSV, JSON and Parquet in `charts/`. Equal results give equal files. Yields the paths written.
 * @throws DavpulseError DAVPULSE_FILE_UNREADABLE
 */
export async function writeReport(result: ResultFile, folder: string): Promise<string[]> {
  const written: string[] = [];
  const write = async (name: string, content: string): Promise<void> => {
    const path = join(folder, name);
    await writeWhole(path, content);
    written.push(path);
  };
  await write('report.html', await renderHtml(result));
  await write('results.csv', runsToCsv(result.runs));
  for (const { id, drawing } of figuresOf(result)) {
    written.push(...(await writeFigureFiles(join(folder, 'charts'), id, drawing)));
  }
  return written;
}
