/**
 * The hold model: take the first event, put it back an exponential delay later. `npm run bench:kernel` prints a
 * table, `-- --json` JSON lines; with `g++` on the path, `std::priority_queue` runs beside it for the ratio.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { EventQueue, exponential, streamKey } from '../sim/index.ts';
import { createPrinter, inOwnProcess, measure, type Measurement } from './measure.ts';

const sizes = [1e4, 1e6, 1e7];
const meanDelayTicks = 60e6;
const eventsFor = (pending: number): number => Math.max(5e6, pending);

function holdCase(pending: number): Measurement {
  const key = streamKey(1, 1);
  const events = eventsFor(pending);
  const delay = (entity: number, index: number) =>
    Math.floor(meanDelayTicks * exponential(key, entity, index));
  let queue: EventQueue | undefined;
  const { bytes } = measure(() => {
    queue = new EventQueue(pending);
    for (let entity = 0; entity < pending; entity += 1) queue.push(delay(entity, 0), entity, 0);
  });
  if (queue === undefined) throw new RangeError('no queue');
  const hold = (held: EventQueue, count: number) => {
    for (let index = 1; index <= count && held.next(); index += 1) {
      held.push(held.tick + delay(held.entity, index), held.entity, 0);
    }
  };
  const filled = queue;
  hold(filled, pending);
  const { cpuNs } = measure(() => hold(filled, events));
  return {
    bench: 'hold',
    engine: 'davpulse',
    pending,
    mode: 'exact',
    events,
    nsPerEvent: cpuNs / events,
    bytesPerEntity: bytes / pending,
  };
}

function reference(program: string, pending: number): Measurement {
  const events = eventsFor(pending);
  const nsPerEvent = Number(execFileSync(program, [String(pending), String(events)], { encoding: 'utf8' }));
  return { bench: 'hold', engine: 'std::pq', pending, mode: 'exact', events, nsPerEvent, bytesPerEntity: 16 };
}

function compileReference(folder: string): string | undefined {
  const program = join(folder, 'hold');
  try {
    execFileSync(
      'g++',
      ['-O2', '-o', program, fileURLToPath(new URL('reference/hold.cpp', import.meta.url))],
      { stdio: 'ignore' },
    );
    return program;
  } catch {
    return undefined;
  }
}

function main(): void {
  const [flag, size] = process.argv.slice(2);
  if (flag === '--case') {
    process.stdout.write(JSON.stringify(holdCase(Number(size))));
    return;
  }
  const print = createPrinter();
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-bench-'));
  try {
    const program = compileReference(folder);
    for (const pending of sizes) {
      print(inOwnProcess(fileURLToPath(import.meta.url), [String(pending)]));
      if (program !== undefined) print(reference(program, pending));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
