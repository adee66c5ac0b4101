import { DavpulseError, exitCodes } from '../errors/index.ts';
import { Interrupted } from './interruption.ts';
import { note } from './output.ts';

/** Says in one sentence why a command ended, and gives its exit code. */
export function reportFailure(error: unknown): number {
  const cause = error instanceof Error && error.name === 'AbortError' ? (error.cause ?? error) : error;
  if (cause instanceof Interrupted) {
    note('interrupted');
    return exitCodes.interrupted;
  }
  if (cause instanceof DavpulseError) {
    note(`error: ${cause.message} [${cause.code}]`);
    return cause.exitCode;
  }
  note(`error: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  return exitCodes.cannotTell;
}
