import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { toCsv, writeWhole } from '../results/index.ts';
import type { Drawing, Row } from './chart.ts';
import { renderPng, renderSvg } from './render-image.ts';

/** Rows as a Parquet file; columns keep the order and the type of the first row. */
export function rowsToParquet(rows: readonly Row[]): Uint8Array {
  const fields = Object.entries(rows[0] ?? {});
  const columnData = fields.map(([name, value]) => ({
    name,
    type: typeof value === 'number' ? ('DOUBLE' as const) : ('STRING' as const),
    data: rows.map((row) => (typeof value === 'number' ? Number(row[name]) : String(row[name]))),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Writes a figure as SVG and PNG, and its data as CSV, JSON and Parquet; yields the paths. */
export async function writeFigureFiles(folder: string, id: string, drawing: Drawing): Promise<string[]> {
  const { rows } = drawing;
  const fields = Object.keys(rows[0] ?? {});
  const svg = await renderSvg(drawing);
  const files: readonly (readonly [ending: string, content: string | Uint8Array])[] = [
    ['svg', svg],
    ['png', await renderPng(svg)],
    [
      'csv',
      toCsv(
        fields,
        rows.map((row) => fields.map((field) => row[field])),
      ),
    ],
    ['json', `${JSON.stringify(rows, null, 1)}\n`],
    ['parquet', rowsToParquet(rows)],
  ];
  for (const [ending, content] of files) await writeWhole(join(folder, `${id}.${ending}`), content);
  return files.map(([ending]) => join(folder, `${id}.${ending}`));
}
