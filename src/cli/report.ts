import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { note } from './output.ts';
import type { CommandFactory } from './command-factory.ts';

export const reportCommand: CommandFactory = () =>
  new Command('report')
    .description('makes tables, charts and report.html from result files')
    .argument(
      '<results...>',
      'results.json of one run or of several, which are put together; or summaries of k6',
    )
    .option('--out <folder>', 'where the report, and the merged results, go (default: beside the first file)')
    .action(async (files: string[], options: { readonly out?: string }) => {
      const [
        { writeReport },
        { mergeResults, parseResultFile, writeResultFile },
        { k6SummariesIn, readText },
        { showResult },
      ] = await Promise.all([
        import('../report/index.ts'),
        import('../results/index.ts'),
        import('./read-results.ts'),
        import('./show-result.ts'),
      ]);
      const texts = await Promise.all(files.map(readText));
      const summaries = k6SummariesIn(texts);
      if (summaries !== undefined) {
        const { reportK6 } = await import('./report-k6.ts');
        const named = summaries.map((content, index) => ({ file: files[index] ?? '', content }));
        await reportK6(named, options.out);
        return;
      }
      const result = mergeResults(texts.map((text, index) => parseResultFile(text, files[index] ?? '')));
      const out = options.out ?? dirname(files[0] ?? '.');
      if (files.length > 1) await writeResultFile(join(out, 'results.json'), result);
      await writeReport(result, out);
      showResult(result);
      if (result.part !== undefined) {
        const { cutShort, of } = result.part;
        const lack = cutShort === true ? 'cut short when it was interrupted' : 'the others are missing';
        note(`${result.runs.length} of the ${of} runs of the study are here, ${lack}`);
      }
      note(`report: ${out}/report.html`);
    });
