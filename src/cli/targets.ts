import { Command } from 'commander';
import type { CommandFactory } from './command-factory.ts';

export const targetsCommand: CommandFactory = () =>
  new Command('targets')
    .description('tells how to start other servers as targets, and what to expect of them')
    .argument('[server]', 'one of those that it lists without')
    .action(async (name: string | undefined) => {
      const { targetsAction } = await import('./targets-action.ts');
      targetsAction(name);
    });
