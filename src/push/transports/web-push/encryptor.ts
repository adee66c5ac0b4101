import { encryptMessage } from './encrypt-message.ts';
import type { EncryptionTask } from './encryption-worker.ts';
import { EncryptionThreads, type EncryptionPool } from './encryption-threads.ts';

/** Encrypts for many, without keeping the event loop from its other work. */
export interface Encryptor {
  /** The body of a message (RFC 8291). @throws RangeError for a message that is too long */
  encrypt(task: EncryptionTask): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Waiting extends PromiseWithResolvers<Uint8Array> {
  readonly task: EncryptionTask;
}

const atOnce = 16;
/** Fewer are encrypted where they stand: a thread would cost more than it saves. */
export const worthAThread = 6;

/**
 * Gathers what is asked for in one turn of the event loop. A few messages are encrypted at once; many go to threads,
 * in batches, because a hop costs as much as half a message.
 */
export function createEncryptor(): Encryptor {
  const threads = new EncryptionThreads();
  let waiting: Waiting[] = [];
  let turn: NodeJS.Immediate | undefined;

  const here = ({ task, resolve, reject }: Waiting): void => {
    try {
      resolve(encryptMessage(Buffer.from(task.text), task.receiver));
    } catch (error) {
      reject(error);
    }
  };

  const elsewhere = async (pool: EncryptionPool, batch: readonly Waiting[]): Promise<void> => {
    try {
      const bodies = await pool.run(batch.map(({ task }) => task));
      for (const [place, { resolve, reject }] of batch.entries()) {
        const body = bodies[place];
        if (body === undefined) reject(new Error('the message was not encrypted'));
        else resolve(body);
      }
    } catch {
      // One that cannot be encrypted must not take the others with it.
      for (const one of batch) here(one);
    }
  };

  const flush = (): void => {
    turn = undefined;
    const batch = waiting;
    waiting = [];
    const pool = batch.length >= worthAThread ? threads.get() : undefined;
    if (pool !== undefined) void elsewhere(pool, batch);
    else for (const one of batch) here(one);
  };

  return {
    encrypt(task) {
      const one = { ...Promise.withResolvers<Uint8Array>(), task };
      waiting.push(one);
      if (waiting.length >= atOnce) {
        clearImmediate(turn);
        flush();
      } else turn ??= setImmediate(flush);
      return one.promise;
    },
    async close() {
      clearImmediate(turn);
      await threads.stop();
      for (const { reject } of waiting) reject(new Error('the transport was closed'));
    },
  };
}
