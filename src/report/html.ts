import type { Cell, Column, Row } from './chart.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text made safe for HTML content and for attribute values in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign);

/** Data for a script element: `<` cannot end the element early. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const text = ({ format }: Column, value: Cell | undefined): string =>
  value === undefined ? '' : escapeHtml(format?.(value) ?? String(value));

/** A table with the first column as row headers. It scrolls by itself where the page is narrower. */
export function htmlTable(columns: readonly Column[], rows: readonly Row[]): string {
  const head = columns.map(({ title }) => `<th scope="col">${escapeHtml(title)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = columns.map((column, index) =>
      index === 0
        ? `<th scope="row">${text(column, row[column.field])}</th>`
        : `<td>${text(column, row[column.field])}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}
