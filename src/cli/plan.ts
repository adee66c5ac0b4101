import { Command, InvalidArgumentError } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import { parseSeeds, parseSetting, wholeNumber } from './options.ts';
import type { PlanCommandOptions } from './plan-action.ts';

export const planCommand: CommandFactory = () =>
  new Command('plan')
    .description('tells how many devices a server carries in a scenario, and what that rests on')
    .argument('<scenario>', 'a scenario or study file (YAML); its server is a measured profile')
    .option('--point <text>', 'only points whose label has this text', '')
    .option('--set <path=value>', 'overrides a field of the scenario, repeatable: users=500', parseSetting)
    .option(
      '--objective <share>',
      'share of processors and memory that the highest hour may take',
      share,
      0.7,
    )
    .option(
      '--connections <n>',
      'connections that a server may hold, push connections included',
      wholeNumber(1, 100_000_000),
      60_000,
    )
    .option('--memory <gigabytes>', 'of a server', amount, 4)
    .option('--cost <amount>', 'of one server in a month', amount, 100)
    .option('--seed <seeds>', 'seeds of the interval: 1,2,3', parseSeeds, [1, 2, 3])
    .option('--json', 'one line of JSON for each point')
    .addHelpText(
      'after',
      `
The server of the scenario is a measured profile (davpulse capacity --out FILE, then server: FILE). Intervals are
95 % over the seeds; what the profile itself may be off by shows in the table of assumptions.`,
    )
    .action(async (scenario: string, options: PlanCommandOptions) => {
      const { planAction } = await import('./plan-action.ts');
      planAction(scenario, options);
    });

function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share: 70% or 0.7.');
  return value;
}

function amount(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
