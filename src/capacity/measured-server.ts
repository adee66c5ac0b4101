import { ownProcessors, startBundledServer, type ServerUser, type Target } from '../live/index.ts';

/**
 * When a busy server comes to rest, V8 collects its whole heap once more to give memory back, 120 ms of processor time or
 * more. Fleets that follow each other every ten seconds would meet that far more often than a server's clients do, and a
 * calm one that did came out two to five times as dear.
 */
const nodeFlags = ['--no-memory-reducer'];

/** Starts the bundled server to be measured, on a processor of its own where there is one; it ends with the stack. @throws DavpulseError when it does not come up */
export async function startMeasuredServer(
  spec: Parameters<typeof startBundledServer>[0],
  users: readonly ServerUser[],
  signal: AbortSignal,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const { url, pushServiceUrl, pid, stop } = await startBundledServer(spec, users, signal, {
    nodeFlags,
  });
  stack.defer(stop);
  ownProcessors(pid, stack);
  return { origin: new URL(url).origin, basePath: '/', users, pushServiceUrl, pid };
}
