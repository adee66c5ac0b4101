import { DavpulseError, exitCodes } from '../errors/index.ts';
import { comparisonJunit, comparisonMarkdown, overallVerdict, renderComparison } from '../report/index.ts';
import {
  compareK6,
  compareResults,
  metrics,
  parseResultFile,
  type ComparedResults,
} from '../results/index.ts';
import { print } from './output.ts';
import { k6SummariesIn, readText } from './read-results.ts';

export type ComparisonFormat = 'table' | 'markdown' | 'junit' | 'json';

export interface CompareCommandOptions {
  readonly format: ComparisonFormat;
  readonly metric?: string[];
  readonly floor?: number;
  readonly force?: true;
}

const renderings: Readonly<Record<ComparisonFormat, (compared: ComparedResults) => string>> = {
  table: renderComparison,
  markdown: comparisonMarkdown,
  junit: comparisonJunit,
  json: (compared) => JSON.stringify({ verdict: overallVerdict(compared.comparisons), ...compared }),
};

/** Compares two result files, or two summaries of k6; gives the exit code of the verdict. */
export async function compare(base: string, head: string, options: CompareCommandOptions): Promise<number> {
  for (const id of options.metric ?? []) {
    if (metrics.some((metric) => metric.id === id)) continue;
    const known = metrics.map((metric) => metric.id).join(', ');
    throw new DavpulseError('DAVPULSE_OPTION_INVALID', `no metric is called ${id}; there are ${known}`);
  }
  const compared = comparedFiles(await readText(base), await readText(head), { base, head }, options);
  return printComparison(compared, options.format);
}

/** Prints a comparison; gives the exit code of its verdict. */
export function printComparison(compared: ComparedResults, format: ComparisonFormat): number {
  print(renderings[format](compared).trimEnd());
  const verdict = overallVerdict(compared.comparisons);
  if (verdict === 'worse') return exitCodes.badVerdict;
  return verdict === 'cannot tell' ? exitCodes.cannotTell : exitCodes.done;
}

function comparedFiles(
  base: string,
  head: string,
  names: { base: string; head: string },
  { metric, floor, force }: CompareCommandOptions,
): ComparedResults {
  const summaries = k6SummariesIn([base, head]);
  if (summaries !== undefined) {
    return { comparisons: compareK6(summaries[0], summaries[1], floor), warnings: [] };
  }
  return compareResults(parseResultFile(base, names.base), parseResultFile(head, names.head), {
    ...(metric === undefined ? {} : { metricIds: metric }),
    ...(floor === undefined ? {} : { floor }),
    ...(force === undefined ? {} : { force }),
  });
}
