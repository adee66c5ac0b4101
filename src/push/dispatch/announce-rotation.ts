import type { Subscription } from '../store/records.ts';
import type { PushTransport } from '../transports/transport.ts';

const atOnce = 32;
const ttlSeconds = 86_400;

/**
 * Tells every subscription that the server's keys are about to change (WebDAV-Push draft, VAPID). Best effort:
 * clients are told to look at the key now and then anyway. Returns how many were accepted.
 */
export async function announceRotation(
  subscriptions: readonly Subscription[],
  transport: PushTransport,
  now: () => number,
  timeoutMs: number,
): Promise<number> {
  const queue = subscriptions.values();
  let accepted = 0;
  const worker = async (): Promise<void> => {
    for (const { user, address, details } of queue) {
      const outcome = await transport.send(
        {
          user,
          address,
          details,
          resource: 0,
          message: 'key-rotation',
          position: 0,
          urgency: 'normal',
          ttlSeconds,
          replaceable: false,
          changedAt: now(),
        },
        AbortSignal.timeout(timeoutMs),
      );
      if (outcome.kind === 'accepted') accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return accepted;
}
