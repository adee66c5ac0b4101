import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a program that holds events prints. */
export interface Reading {
  readonly nsPerEvent: number;
  readonly bytesPerEntity: number;
}

/** An engine that others wrote, in a program that puts it through the hold model. */
export interface Reference {
  readonly engine: string;
  /** Pending events beyond which a round would take minutes. */
  readonly mostPending: number;
  /** Events of one round. */
  readonly events: number;
  readonly run: (pending: number) => Reading;
}

export interface References {
  readonly found: readonly Reference[];
  /** Names of those that are not installed. */
  readonly missing: readonly string[];
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Compiles the references that are installed into `folder`. */
export function findReferences(folder: string): References {
  const groups = [
    { name: 'std::priority_queue (g++)', found: stdReferences(folder) },
    { name: 'ns-3', found: ns3References(folder) },
    { name: 'SimPy', found: simpyReferences() },
  ];
  return {
    found: groups.flatMap(({ found }) => found),
    missing: groups.filter(({ found }) => found.length === 0).map(({ name }) => name),
  };
}

function stdReferences(folder: string): Reference[] {
  const program = compile(folder, 'hold.cpp', []);
  return program === undefined ? [] : [reference('std::pq', 1e7, 5e6, program, [])];
}

/** The default scheduler, and the fastest of those that ns-3 brings. */
function ns3References(folder: string): Reference[] {
  const program = compile(folder, 'ns3.cpp', ['-lns3-core']);
  if (program === undefined) return [];
  return [
    reference('ns-3 map', 1e6, 2e6, program, ['ns3::MapScheduler']),
    reference('ns-3 pq', 1e6, 2e6, program, ['ns3::PriorityQueueScheduler']),
  ];
}

/** SimPy as the system has it and as `scripts/install-bench-references.sh` brings it, once a version. */
function simpyReferences(): Reference[] {
  const byEngine = new Map<string, Reference>();
  for (const python of ['python3', '/usr/bin/python3', here('../../.tools/simpy/bin/python')]) {
    const version = output(python, [here('hold.py'), 'version']);
    if (version === undefined) continue;
    const engine = `SimPy ${version.trim()}`;
    byEngine.set(engine, reference(engine, 1e6, 5e5, python, [here('hold.py')]));
  }
  return [...byEngine.values()];
}

function reference(
  engine: string,
  mostPending: number,
  events: number,
  program: string,
  args: readonly string[],
): Reference {
  const run = (pending: number): Reading => {
    const line = execFileSync(program, [...args, String(pending), String(events)], { encoding: 'utf8' });
    // The program is one of this folder, which prints one reading.
    return JSON.parse(line) as Reading;
  };
  return { engine, mostPending, events, run };
}

function compile(folder: string, source: string, libraries: readonly string[]): string | undefined {
  const program = join(folder, source.replace('.cpp', ''));
  const built = output('g++', ['-O2', '-o', program, here(source), ...libraries]);
  return built === undefined ? undefined : program;
}

/** What a program prints; undefined where it is not there or fails. */
function output(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
