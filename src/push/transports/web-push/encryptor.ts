import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { encryptMessage } from './encrypt-message.ts';
import type { SubscriptionKeys } from './subscription.ts';

export interface EncryptionTask {
  readonly text: string;
  readonly receiver: SubscriptionKeys;
}

/** Encrypts for many, without keeping the event loop from its other work. */
export interface Encryptor {
  /** The body of a message (RFC 8291). @throws RangeError for a message that is too long */
  encrypt(task: EncryptionTask): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Waiting extends PromiseWithResolvers<Uint8Array> {
  readonly task: EncryptionTask;
}

/** Fewer than this are done where they stand: a thread would cost more than it saves. */
const worthAThread = 8;
const atOnce = 16;
/** A fan-out comes seldom, so the threads go when it is over. */
const idleMs = 5000;

/**
 * Gathers what is asked for in one turn of the event loop. A few messages are encrypted at once; many go to threads,
 * in batches, because a hop costs as much as half a message.
 */
export function createEncryptor(): Encryptor {
  let pool: Piscina<readonly EncryptionTask[], Uint8Array[]> | undefined;
  let waiting: Waiting[] = [];
  let turn: NodeJS.Immediate | undefined;

  const threads = () =>
    (pool ??= new Piscina({
      filename: new URL(`./encryption-worker${extname(import.meta.filename)}`, import.meta.url).href,
      minThreads: 0,
      maxThreads: Math.max(1, availableParallelism() - 1),
      idleTimeout: idleMs,
      concurrentTasksPerWorker: 2,
    }));

  const here = ({ task, resolve, reject }: Waiting): void => {
    try {
      resolve(encryptMessage(Buffer.from(task.text), task.receiver));
    } catch (error) {
      reject(error);
    }
  };

  const elsewhere = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const bodies = await threads().run(batch.map(({ task }) => task));
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
    if (batch.length < worthAThread) for (const one of batch) here(one);
    else void elsewhere(batch);
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
      await pool?.destroy();
      for (const { reject } of waiting) reject(new Error('the transport was closed'));
    },
  };
}
