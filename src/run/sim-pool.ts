import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { BlockRecord, RunPlan, RunRecord, RunSpec } from '../../sim/index.ts';
import type { RunProgress } from './progress.ts';
import type { BlockTask, SimTask } from './sim-worker.ts';

type Watch = (progress: RunProgress) => void;
type Watching = Pick<SimTask, 'port' | 'stop'>;

/** How long runs that are cut short may take for what remains to be done, ms. */
const graceMs = 10_000;

/**
 * Little survives of what the simulator makes beside its arrays, but each thread that collects the nursery leaves a
 * buffer's rest behind each time, and V8 lets that grow by tens of megabytes.
 */
const leanFlags = ['--no-parallel-scavenge', '--heap-growing-percent=25'];

/** Threads that simulate. */
export class SimPool {
  readonly workers: number;
  readonly #pool: Piscina;
  readonly #ended = new AbortController();
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  #grace: NodeJS.Timeout | undefined;

  /** `ready`: how many threads to begin with and keep; there are at most `workers`. */
  constructor(workers: number, ready: number) {
    this.workers = workers;
    for (const flag of leanFlags) setFlagsFromString(flag);
    this.#pool = new Piscina({
      filename: new URL(`./sim-worker${extname(import.meta.filename)}`, import.meta.url).href,
      minThreads: Math.min(workers, ready),
      maxThreads: workers,
      // What the simulator drops it drops at once; left to itself, V8 lets this garbage grow by a hundred megabytes.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    });
  }

  run(spec: RunSpec, mode: SimTask['mode'], watch: Watch): Promise<RunRecord> {
    return this.#watched(watch, (watching) =>
      this.#do<RunRecord>('default', { spec, mode, ...watching }, [watching.port]),
    );
  }

  plan(spec: RunSpec, mode: SimTask['mode']): Promise<RunPlan> {
    return this.#do<RunPlan>('plan', { spec, mode });
  }

  blocks(spec: RunSpec, from: number, to: number, watch: Watch): Promise<BlockRecord[]> {
    return this.#watched(watch, (watching) =>
      this.#do<BlockRecord[]>('runBlocks', { spec, from, to, ...watching }, [watching.port]),
    );
  }

  /** Ends all runs. */
  end(reason: unknown): void {
    this.#ended.abort(reason);
  }

  /** Has runs under way tell of what they simulated so far, where their mode can do that; the others end without. */
  cutShort(reason: unknown): void {
    Atomics.store(this.#stop, 0, 1);
    this.#grace = setTimeout(() => this.end(reason), graceMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#grace);
    await this.#pool.destroy();
  }

  /** `name` is that of the worker's entry for such a task, which gives a `Result`. */
  #do<Result>(
    name: string,
    task: SimTask | BlockTask | Pick<SimTask, 'spec' | 'mode'>,
    transferList: MessagePort[] = [],
  ): Promise<Result> {
    return this.#pool.run(task, { name, signal: this.#ended.signal, transferList });
  }

  async #watched<Result>(watch: Watch, work: (watching: Watching) => Promise<Result>): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', watch);
    try {
      return await work({ port: port2, stop: this.#stop });
    } finally {
      port1.close();
    }
  }
}
