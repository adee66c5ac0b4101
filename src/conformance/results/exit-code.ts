import { exitCodes } from '../../errors/index.ts';
import { countOf, type ConformanceResult } from './result.ts';

/**
 * 1 when a MUST (or, when asked for, anything) was not kept or a deviation of the profile was not seen; else 3 when
 * a check could not be made or none passed; else 0.
 */
export function exitCodeOf(result: ConformanceResult, failOnWarnings: boolean): number {
  const bad = countOf(result, 'fail') + countOf(result, 'unexpected');
  if (bad > 0 || (failOnWarnings && countOf(result, 'warn') > 0)) return exitCodes.badVerdict;
  const unsure = countOf(result, 'error') > 0 || countOf(result, 'pass') === 0;
  return unsure ? exitCodes.cannotTell : exitCodes.done;
}
