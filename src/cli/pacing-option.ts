import { InvalidArgumentError } from 'commander';
import type { PacingSpec } from '../../sim/index.ts';
import { parseDuration } from '../scenario/index.ts';

const overMs = 60_000;

/** `INTERVAL`, or `LOAD=INTERVAL,LOAD=INTERVAL` with loads from 0 to 1 in ascending order, the first one 0. */
export function parsePacing(text: string): PacingSpec {
  const steps = text.split(',').map((part) => {
    const [load, interval] = part.includes('=') ? part.split('=') : ['0', part];
    return { load: Number(load), intervalMs: parseDuration((interval ?? '').trim()) ?? Number.NaN };
  });
  const known = steps.every(
    ({ load, intervalMs }, index) =>
      load >= 0 && load <= 1 && intervalMs >= 1000 && load > (steps[index - 1]?.load ?? -1),
  );
  if (known && steps[0]?.load === 0) return { overMs, steps, smooth: true };
  throw new InvalidArgumentError(
    'expected an interval such as 5min, or LOAD=INTERVAL,… from load 0 upwards.',
  );
}
