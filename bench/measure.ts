import { execFileSync } from 'node:child_process';
import process from 'node:process';

/** One line of a benchmark, as `--json` prints it. */
export interface Measurement {
  /** `hold`: the event queue alone; `fleet`: the whole model, an event being a contact. */
  readonly bench: 'hold' | 'fleet';
  readonly engine: string;
  readonly pending: number;
  readonly mode: string;
  /** Share of the contacts that brought no news; of whole models only. */
  readonly emptyShare?: number;
  readonly events: number;
  /** CPU time of the process, all threads. */
  readonly nsPerEvent: number;
  readonly bytesPerEntity: number;
}

/** CPU time in ns that `work` takes, and what it leaves behind in memory, in bytes. */
export function measure(work: () => void): { readonly cpuNs: number; readonly bytes: number } {
  const memory = heldBytes();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { cpuNs: (user + system) * 1000, bytes: heldBytes() - memory };
}

/** Peak memory of the process, in bytes. */
export const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

function heldBytes(): number {
  return process.memoryUsage().rss;
}

/** Runs one case of a benchmark file in a process of its own, with options for Node, so that none inherits another's heap or feedback. */
export function inOwnProcess(
  file: string,
  args: readonly string[],
  options: readonly string[] = [],
): Measurement {
  const line = execFileSync(process.execPath, [...options, file, '--case', ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  // The child is this very file, which prints one measurement.
  return JSON.parse(line) as Measurement;
}

const columns = ['bench', 'engine', 'pending', 'mode', 'empty', 'Mevents/s', 'ns/event', 'bytes/entity'];

/** Prints measurements as they come: JSON lines with `--json`, else the rows of a table. */
export function createPrinter(): (measurement: Measurement) => void {
  const json = process.argv.includes('--json');
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(14)).join('') + '\n';
  if (!json) process.stdout.write(row(columns));
  return (measurement) => {
    const { bench, engine, pending, mode, emptyShare, nsPerEvent, bytesPerEntity } = measurement;
    const cells = [
      bench,
      engine,
      pending.toLocaleString('en'),
      mode,
      emptyShare === undefined ? '' : `${(emptyShare * 100).toFixed(1)} %`,
      (1000 / nsPerEvent).toFixed(2),
      nsPerEvent.toFixed(1),
      bytesPerEntity.toFixed(1),
    ];
    process.stdout.write(json ? `${JSON.stringify(measurement)}\n` : row(cells));
  };
}
