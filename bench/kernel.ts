/**
 * The hold model: take the first event, put it back an exponential delay later. `npm run bench:kernel` prints a
 * table, `-- --json` JSON lines, each the median of interleaved rounds; the engines of `bench/reference` run
 * beside the event queue where they are installed. `--pending 1000,5000`, `--rounds 1` and `--alone` make it short.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { EventQueue, exponential, streamKey } from '../sim/index.ts';
import { createPrinter, inOwnProcess, measure, type Measurement } from './measure.ts';
import { findReferences, type Reference, type References } from './reference/references.ts';

const meanDelayTicks = 60e6;
/** At this number of pending events the engines are compared. */
const comparedAt = 1e6;

function holdCase(pending: number): Measurement {
  const key = streamKey(1, 1);
  const events = Math.max(5e6, pending);
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
  hold(filled, Math.max(1e6, pending));
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

function referenceCase(reference: Reference, pending: number): Measurement {
  const { engine, events } = reference;
  return { bench: 'hold', engine, pending, mode: 'exact', events, ...reference.run(pending) };
}

/** Measurements of each engine, round by round, so that what else the machine does meets all alike. */
function measureRounds(pending: number, rounds: number, found: readonly Reference[]): Measurement[][] {
  const taken: Measurement[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    taken.push([
      inOwnProcess(fileURLToPath(import.meta.url), [String(pending)]),
      ...found
        .filter(({ mostPending }) => pending <= mostPending)
        .map((reference) => referenceCase(reference, pending)),
    ]);
  }
  return taken;
}

/** By engine, how many times the time of the event queue it takes: the median over the rounds. */
function ratiosOf(rounds: readonly (readonly Measurement[])[]): Record<string, number> {
  const timesOf = (engine: string, round: readonly Measurement[]) =>
    (round.find((one) => one.engine === engine)?.nsPerEvent ?? NaN) / (round[0]?.nsPerEvent ?? NaN);
  const engines = (rounds[0] ?? []).slice(1).map(({ engine }) => engine);
  return Object.fromEntries(
    engines.map((engine) => [engine, median(rounds.map((round) => timesOf(engine, round)))]),
  );
}

/** One measurement of each engine: its medians over the rounds. */
function mediansOf(rounds: readonly (readonly Measurement[])[]): Measurement[] {
  return (rounds[0] ?? []).map((first, place) => {
    const all = rounds.flatMap((round) => round[place] ?? []);
    const nsPerEvent = median(all.map((one) => one.nsPerEvent));
    const bytesPerEntity = median(all.map((one) => one.bytesPerEntity));
    return { ...first, nsPerEvent, bytesPerEntity };
  });
}

function printRatios(pending: number, ratios: Record<string, number>): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ bench: 'hold-ratios', pending, ratios })}\n`);
    return;
  }
  const parts = Object.entries(ratios).map(([engine, times]) => `${engine} ${times.toFixed(1)}`);
  const sizes = pending.toLocaleString('en');
  process.stdout.write(`times as long as davpulse at ${sizes} pending: ${parts.join(', ')}\n`);
}

function withReferences(alone: boolean, use: (references: References) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'davpulse-bench-'));
  try {
    use(alone ? { found: [], missing: [] } : findReferences(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      case: { type: 'string' },
      json: { type: 'boolean' },
      alone: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      pending: { type: 'string', default: '10000,1000000,10000000' },
    },
  });
  if (values.case !== undefined) {
    process.stdout.write(JSON.stringify(holdCase(Number(values.case))));
    return;
  }
  withReferences(values.alone, ({ found, missing }) => {
    if (missing.length > 0) {
      const names = missing.join(', ');
      process.stderr.write(`not installed: ${names}; scripts/install-bench-references.sh brings them\n`);
    }
    const print = createPrinter();
    for (const pending of values.pending.split(',').map(Number)) {
      const rounds = measureRounds(pending, Number(values.rounds), found);
      for (const measurement of mediansOf(rounds)) print(measurement);
      if (pending === comparedAt && found.length > 0) printRatios(pending, ratiosOf(rounds));
    }
  });
}

main();
