import { renderGaps, renderTable } from '../report/index.ts';
import { compareBackends, summarize, type ResultFile } from '../results/index.ts';
import { print } from './output.ts';

/** Prints the tables of a result: every policy's figures and, where both backends ran, the gap between them. */
export function showResult({ runs }: ResultFile): void {
  print(renderTable(summarize(runs)));
  const gaps = compareBackends(runs);
  if (gaps.length > 0) print(renderGaps(gaps));
}
