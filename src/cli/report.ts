import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { note } from './output.ts';
import type { CommandFactory } from './command-factory.ts';

export const reportCommand: CommandFactory = () =>
  new Command('report')
    .description('makes tables, charts and report.html from result files')
    .argument('<results...>', 'results.json of one run or of several, which are put together')
    .option('--out <folder>', 'where the report, and the merged results, go (default: beside the first file)')
    .action(async (files: string[], options: { readonly out?: string }) => {
      const [{ writeReport }, { mergeResults, readResultFile, writeResultFile }, { showResult }] =
        await Promise.all([
          import('../report/index.ts'),
          import('../results/index.ts'),
          import('./show-result.ts'),
        ]);
      const result = mergeResults(await Promise.all(files.map((file) => readResultFile(file))));
      const out = options.out ?? dirname(files[0] ?? '.');
      if (files.length > 1) await writeResultFile(join(out, 'results.json'), result);
      await writeReport(result, out);
      showResult(result);
      note(`report: ${out}/report.html`);
    });
