import { encryptMessage } from './encrypt-message.ts';
import type { SubscriptionKeys } from './subscription.ts';

export interface EncryptionTask {
  readonly text: string;
  readonly receiver: SubscriptionKeys;
}

/** Runs in a thread of the pool: encrypts a batch, in its order. */
export default (batch: readonly EncryptionTask[]): Uint8Array[] =>
  batch.map(({ text, receiver }) => encryptMessage(Buffer.from(text), receiver));
