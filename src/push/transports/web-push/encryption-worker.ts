import { encryptMessage } from './encrypt-message.ts';
import type { EncryptionTask } from './encryptor.ts';

/** Runs in a thread of the pool: encrypts a batch, in its order. */
export default (batch: readonly EncryptionTask[]): Uint8Array[] =>
  batch.map(({ text, receiver }) => encryptMessage(Buffer.from(text), receiver));
