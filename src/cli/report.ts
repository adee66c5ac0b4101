import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { note } from './output.ts';
import type { CommandFactory } from './command-factory.ts';
import type { K6File } from './report-k6.ts';

export const reportCommand: CommandFactory = () =>
  new Command('report')
    .description('makes tables, charts and report.html from result files')
    .argument(
      '<results...>',
      'results.json of one run or of several, which are put together; or summaries of k6',
    )
    .option('--out <folder>', 'where the report, and the merged results, go (default: beside the first file)')
    .action(async (files: string[], options: { readonly out?: string }) => {
      const [{ writeReport }, { mergeResults, readResultFile, writeResultFile }, { showResult }] =
        await Promise.all([
          import('../report/index.ts'),
          import('../results/index.ts'),
          import('./show-result.ts'),
        ]);
      const summaries = await k6SummariesIn(files);
      if (summaries !== undefined) {
        const { reportK6 } = await import('./report-k6.ts');
        await reportK6(summaries, options.out);
        return;
      }
      const result = mergeResults(await Promise.all(files.map((file) => readResultFile(file))));
      const out = options.out ?? dirname(files[0] ?? '.');
      if (files.length > 1) await writeResultFile(join(out, 'results.json'), result);
      await writeReport(result, out);
      showResult(result);
      note(`report: ${out}/report.html`);
    });

/** The parsed files when all of them are summaries of k6. */
async function k6SummariesIn(files: readonly string[]): Promise<K6File[] | undefined> {
  const { isK6Summary } = await import('../results/index.ts');
  const read: K6File[] = [];
  for (const file of files) {
    try {
      const content: unknown = JSON.parse(await readFile(file, 'utf8'));
      if (!isK6Summary(content)) return undefined;
      read.push({ file, content });
    } catch {
      // What cannot be read is told by the reader of results.
      return undefined;
    }
  }
  return read;
}
