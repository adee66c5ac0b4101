import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DavpulseError } from '../errors/index.ts';
import { readResultFile, type ResultFile } from '../results/index.ts';

/** One side of a comparison: which davpulse runs the scenario, and with which further arguments. */
export interface Side {
  readonly name: 'base' | 'head';
  /** Folder of a checkout. */
  readonly folder: string;
  readonly args: readonly string[];
  /** Variables of the environment that this side has on top of the others. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface InterleaveOptions {
  readonly scenario: string;
  readonly pairs: number;
  readonly signal: AbortSignal;
  onRun?(side: Side, pair: number): void;
}

/**
 * Runs a scenario live on both sides in turn, `pairs` times each, the side that goes first changing from pair to
 * pair: whatever drifts on the machine meets both alike. Pair i runs with seed i on both sides.
 * @throws DavpulseError DAVPULSE_RUN_FAILED with what a side said last
 */
export async function interleave(
  base: Side,
  head: Side,
  options: InterleaveOptions,
): Promise<{ base: ResultFile; head: ResultFile }> {
  const results = new Map<Side['name'], ResultFile>();
  for (let pair = 1; pair <= options.pairs; pair += 1) {
    for (const side of pair % 2 === 1 ? [base, head] : [head, base]) {
      options.onRun?.(side, pair);
      const result = await runSide(side, pair, options);
      const before = results.get(side.name);
      results.set(
        side.name,
        before === undefined ? result : { ...before, runs: [...before.runs, ...result.runs] },
      );
    }
  }
  const [first, second] = [results.get('base'), results.get('head')];
  if (first === undefined || second === undefined) throw new RangeError('at least one pair is needed');
  return { base: first, head: second };
}

async function runSide(
  side: Side,
  seed: number,
  { scenario, signal }: InterleaveOptions,
): Promise<ResultFile> {
  const out = await mkdtemp(join(tmpdir(), 'davpulse-bench-'));
  const command = join(side.folder, 'bin/davpulse.js');
  const args = [
    command,
    'run',
    scenario,
    '--backend',
    'live',
    '--seed',
    String(seed),
    '--out',
    out,
    ...side.args,
  ];
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(
        process.execPath,
        args,
        { signal, cwd: side.folder, env: { ...process.env, ...side.env } },
        (error, _stdout, stderr) => {
          if (error === null) resolve();
          else if (signal.aborted) reject(error);
          else reject(failure(side, seed, stderr, error));
        },
      );
    });
    return await readResultFile(join(out, 'results.json'));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

const failure = (side: Side, pair: number, stderr: string, cause: Error): DavpulseError => {
  const said = stderr.trim().split('\n').at(-1) ?? cause.message;
  return new DavpulseError('DAVPULSE_RUN_FAILED', `pair ${pair}, the ${side.name}: ${said}`, { cause });
};
