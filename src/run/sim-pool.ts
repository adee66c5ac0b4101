import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { BlockRecord, RunPlan, RunRecord, RunSpec } from '../../sim/index.ts';
import type { RunProgress } from './progress.ts';
import type { BlockTask, SimTask } from './sim-worker.ts';

type Watch = (progress: RunProgress) => void;

/**
 * Little survives of what the simulator makes beside its arrays, but each thread that collects the nursery leaves a
 * buffer's rest behind each time, and V8 lets that grow by tens of megabytes.
 */
const leanFlags = ['--no-parallel-scavenge', '--heap-growing-percent=25'];

/** Threads that simulate. */
export class SimPool {
  readonly workers: number;
  readonly #pool: Piscina;
  readonly #signal: AbortSignal;

  /** `ready`: how many threads to begin with and keep; there are at most `workers`. */
  constructor(workers: number, ready: number, signal: AbortSignal) {
    this.workers = workers;
    this.#signal = signal;
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
    return this.#watched(watch, (port) => this.#do<RunRecord>('default', { spec, mode, port }, [port]));
  }

  plan(spec: RunSpec, mode: SimTask['mode']): Promise<RunPlan> {
    return this.#do<RunPlan>('plan', { spec, mode });
  }

  blocks(spec: RunSpec, from: number, to: number, watch: Watch): Promise<BlockRecord[]> {
    return this.#watched(watch, (port) =>
      this.#do<BlockRecord[]>('runBlocks', { spec, from, to, port }, [port]),
    );
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /** `name` is that of the worker's entry for such a task, which gives a `Result`. */
  #do<Result>(
    name: string,
    task: SimTask | BlockTask | Omit<SimTask, 'port'>,
    transferList: MessagePort[] = [],
  ): Promise<Result> {
    return this.#pool.run(task, { name, signal: this.#signal, transferList });
  }

  async #watched<Result>(watch: Watch, work: (port: MessagePort) => Promise<Result>): Promise<Result> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', watch);
    try {
      return await work(port2);
    } finally {
      port1.close();
    }
  }
}
