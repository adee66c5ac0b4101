import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { EncryptionTask } from './encryption-worker.ts';

/** A fan-out comes seldom, so the threads go some time after it. */
const idleMs = 10_000;

export type EncryptionPool = Piscina<readonly EncryptionTask[], Uint8Array[]>;

/** Threads that are there from the first fan-out until some time after the last. */
export class EncryptionThreads {
  #pool: EncryptionPool | undefined;
  #ready = false;
  #idle: NodeJS.Timeout | undefined;

  /** The pool, once its threads run; the first who asks sets them off. */
  get(): EncryptionPool | undefined {
    this.#pool ??= this.#start();
    this.#idle?.refresh();
    return this.ready();
  }

  /** The pool, if it runs already. */
  ready(): EncryptionPool | undefined {
    return this.#ready ? this.#pool : undefined;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const pool = this.#pool;
    this.#pool = undefined;
    this.#ready = false;
    await pool?.destroy();
  }

  #start(): EncryptionPool {
    const count = Math.max(1, availableParallelism() - 1);
    const pool: EncryptionPool = new Piscina({
      filename: new URL(`./encryption-worker${extname(import.meta.filename)}`, import.meta.url).href,
      minThreads: count,
      maxThreads: count,
      concurrentTasksPerWorker: 2,
    });
    // Without threads everything goes on as before.
    pool.run([]).then(
      () => (this.#ready = this.#pool === pool),
      () => {},
    );
    this.#idle = setTimeout(() => void this.stop(), idleMs).unref();
    return pool;
  }
}
