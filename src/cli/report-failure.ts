import { DavpulseError, exitCodes } from '../errors/index.ts';
import { Interrupted } from './interruption.ts';
import { note } from './output.ts';

/** Says in one sentence why a command ended, and gives its exit code. */
export function reportFailure(error: unknown): number {
  const first = firstOf(error);
  const cause = first instanceof Error && first.name === 'AbortError' ? (first.cause ?? first) : first;
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

/** What went wrong first, where taking down what was set up failed as well. */
const firstOf = (error: unknown): unknown =>
  error instanceof SuppressedError ? firstOf(error.suppressed) : error;
