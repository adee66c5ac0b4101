import { DavpulseError } from '../errors/index.ts';
import type { DavAnswer, DavRequest } from './lane.ts';

/**
 * Passes an answer with one of the expected statuses on.
 * @throws DavpulseError DAVPULSE_SERVER_REFUSED for 401 and 403, DAVPULSE_SERVER_FAILED for any other
 */
export function expectStatus(
  request: Pick<DavRequest, 'method' | 'path'>,
  answer: DavAnswer,
  ...expected: readonly number[]
): DavAnswer {
  if (expected.includes(answer.status)) return answer;
  const what = `${request.method} ${request.path}`;
  if (answer.status === 401 || answer.status === 403) {
    throw new DavpulseError(
      'DAVPULSE_SERVER_REFUSED',
      `the server refused ${what} with ${answer.status}: check the user names and passwords`,
    );
  }
  throw new DavpulseError(
    'DAVPULSE_SERVER_FAILED',
    `the server answered ${what} with ${answer.status} where ${expected.join(' or ')} was expected`,
  );
}

/** The sentence for a request that got no answer; errors that are davpulse's own stay as they are. */
export function unreachable(origin: string, error: unknown): DavpulseError {
  if (error instanceof DavpulseError) return error;
  const reason = error instanceof Error ? describe(error) : String(error);
  return new DavpulseError('DAVPULSE_SERVER_UNREACHABLE', `${origin} does not answer: ${reason}`, {
    cause: error,
  });
}

const describe = (error: Error): string => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === 'ECONNREFUSED' ? 'nothing listens there' : error.message || code;
};
