import { DavpulseError } from '../errors/index.ts';

/** For a run that the generator was too slow for, which tells nothing. @throws every other error */
export function onlyLag(error: unknown): undefined {
  if (error instanceof DavpulseError && error.code === 'DAVPULSE_GENERATOR_LAGGED') return undefined;
  throw error;
}
