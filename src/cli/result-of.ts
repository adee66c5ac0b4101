import { machineFingerprint, resultSchema, type ResultFile } from '../results/index.ts';
import type { Study } from '../scenario/index.ts';
import { packageVersion } from './version.ts';

export interface Making {
  readonly startedAt: Date;
  readonly command: string;
  readonly notes?: ResultFile['made']['notes'];
}

/** The result of runs of a study that have just ended, with what and where it was made. */
export const resultOf = (
  { name, title, question, text }: Study,
  runs: ResultFile['runs'],
  { startedAt, command, notes = {} }: Making,
): ResultFile => ({
  schema: resultSchema,
  name,
  title,
  question,
  made: {
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    davpulse: packageVersion(),
    command,
    node: process.version,
    machine: machineFingerprint(),
    notes,
  },
  source: text,
  runs,
});
