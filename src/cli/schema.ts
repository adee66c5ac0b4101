import { Command } from 'commander';
import { print } from './output.ts';
import type { CommandFactory } from './command-factory.ts';

export const schemaCommand: CommandFactory = () =>
  new Command('schema')
    .description('prints the JSON Schema of scenario and study files, for editors')
    .action(async () => {
      const { scenarioJsonSchema } = await import('../scenario/index.ts');
      print(JSON.stringify(scenarioJsonSchema(), null, 2));
    });
