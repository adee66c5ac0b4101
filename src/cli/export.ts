import { Command } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import type { ExportK6Options } from './export-action.ts';
import { wholeNumber } from './options.ts';

export const exportCommand: CommandFactory = () =>
  new Command('export').description('writes a scenario in the form of another tool').addCommand(
    new Command('k6')
      .description('writes a load test for k6, and a resource for its Kubernetes operator')
      .argument('<scenario>', 'a scenario or study file (YAML)')
      .option('--out <folder>', 'where the files go', 'out/k6')
      .option('--point <text>', 'the point to export: the first whose label has this text', '')
      .option('--parallelism <n>', 'machines that the operator uses', wholeNumber(1, 1000), 4)
      .action(async (scenario: string, options: ExportK6Options) => {
        const { exportK6Action } = await import('./export-action.ts');
        await exportK6Action(scenario, options);
      }),
  );
