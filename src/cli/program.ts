import { Command, CommanderError } from 'commander';
import type { CommandFactory } from './command-factory.ts';
import { exitCodes } from '../errors/index.ts';
import { calibrateCommand } from './calibrate.ts';
import { capacityCommand } from './capacity.ts';
import { benchCommand } from './bench.ts';
import { compareCommand } from './compare.ts';
import { conformanceCommand } from './conformance.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { guideCommand } from './guide.ts';
import { planCommand } from './plan.ts';
import { pushServiceCommand } from './push-service.ts';
import { reportFailure } from './report-failure.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { targetsCommand } from './targets.ts';
import { validateCommand } from './validate.ts';
import { packageVersion } from './version.ts';

const commands: readonly CommandFactory[] = [
  runCommand,
  reportCommand,
  compareCommand,
  benchCommand,
  guideCommand,
  calibrateCommand,
  capacityCommand,
  planCommand,
  validateCommand,
  targetsCommand,
  exportCommand,
  schemaCommand,
  conformanceCommand,
  doctorCommand,
  serveCommand,
  pushServiceCommand,
];

const exitCodeHelp = `
Exit codes:
  0    done
  1    the verdict is bad: changes were lost, devices differ from the server, a threshold is broken
  2    wrong use: an option, a scenario or a file is not right
  3    cannot tell: the server failed or the run is not valid
  130  interrupted; what was finished is kept, or what simulated runs had come to

Examples:
  davpulse run scenarios/first-look.yaml
  davpulse run scenarios/first-look.yaml --backend sim --set users=500
  davpulse report out/first-look/results.json
  davpulse serve --user alice:secret --with-push-service --no-tls --allow-loopback-push`;

/** Runs one command line and gives its exit code; failures are told on standard error. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = new Command('davpulse')
    .description(
      'Measures push against polling for CalDAV and CardDAV: one scenario, simulated and as real traffic.',
    )
    .version(packageVersion())
    .showHelpAfterError('(davpulse --help, or davpulse COMMAND --help, shows what there is)')
    .addHelpText('after', exitCodeHelp);
  for (const command of commands) {
    program.addCommand(
      command((code) => {
        exitCode = code;
      }),
    );
  }
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
    return reportFailure(error);
  }
}
