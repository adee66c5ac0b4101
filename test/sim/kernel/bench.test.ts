import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../../bench/kernel.ts', import.meta.url));

it('the benchmark of the event queue prints one line of JSON for each number of pending events', () => {
  const args = [bench, '--json', '--alone', '--rounds', '1', '--pending', '100,1000'];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8' }).trimEnd().split('\n');
  const measurements = lines.map((line): unknown => JSON.parse(line));
  expect(measurements).toEqual(
    [100, 1000].map((pending) => ({
      bench: 'hold',
      engine: 'davpulse',
      pending,
      mode: 'exact',
      events: 5e6,
      nsPerEvent: expect.any(Number),
      bytesPerEntity: expect.any(Number),
    })),
  );
});
