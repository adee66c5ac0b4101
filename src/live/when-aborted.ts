/**
 * Does something at once when the signal says so, so that nothing waits for an answer that nobody wants any more.
 * Gives how to stop watching the signal.
 */
export function whenAborted(signal: AbortSignal, act: () => Promise<void>): () => void {
  // What goes wrong while everything ends is no news.
  const listener = (): void => void act().catch(() => undefined);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
