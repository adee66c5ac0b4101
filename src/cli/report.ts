import { dirname } from 'node:path';
import { Command } from 'commander';
import { note, print } from './output.ts';
import type { CommandFactory } from './program.ts';

export const reportCommand: CommandFactory = () =>
  new Command('report')
    .description('makes tables, charts and report.html from result files')
    .argument('<results...>', 'results.json of one run or of several, which are put together')
    .option('--out <folder>', 'where the report goes (default: beside the first file)')
    .action(async (files: string[], options: { readonly out?: string }) => {
      const [{ renderTable, writeReport }, { mergeResults, readResultFile }] = await Promise.all([
        import('../report/index.ts'),
        import('../results/index.ts'),
      ]);
      const result = mergeResults(await Promise.all(files.map((file) => readResultFile(file))));
      const out = options.out ?? dirname(files[0] ?? '.');
      await writeReport(result, out);
      print(renderTable(result));
      note(`report: ${out}/report.html`);
    });
