import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { EncryptionTask } from './encryption-worker.ts';

/** To start a thread takes as long as to encrypt some three hundred messages, so it stays; for ever it would keep its memory. */
const idleMs = 60_000;

export type EncryptionPool = Piscina<readonly EncryptionTask[], Uint8Array[]>;

/** Threads that are there from the first burst until some time after the last: one, and more while it has too much to do. */
export class EncryptionThreads {
  #pool: EncryptionPool | undefined;
  #ready = false;
  #idle: NodeJS.Timeout | undefined;

  /** The pool, once a thread runs; the first who asks sets it off. */
  get(): EncryptionPool | undefined {
    this.#pool ??= this.#start();
    this.#idle?.refresh();
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
    const pool: EncryptionPool = new Piscina({
      filename: new URL(`./encryption-worker${extname(import.meta.filename)}`, import.meta.url).href,
      minThreads: 1,
      maxThreads: Math.max(1, availableParallelism() - 1),
      idleTimeout: idleMs,
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
